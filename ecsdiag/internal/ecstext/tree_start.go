package ecstext

// volumeRules follow "ResourceInitializationError errors" for EFS. The mount helper's words are those of mount.nfs4.
var volumeRules = []rule{
	{cause: EFSOther, when: terms{"=efs|mount.nfs|efs-utils|mount.efs|=nfs|elasticfilesystem"}, more: []rule{
		{cause: EFSDNS, when: terms{"failed to resolve|" + unresolved + "|cannot be resolved|nxdomain|file system id " +
			"is correct"}},
		{cause: EFSPathMissing, when: terms{"no such file or directory|path does not exist|directory does not exist"}},
		{cause: EFSTimeout, when: terms{"timed out|timeout|deadline exceeded"}},
		{cause: EFSDenied, when: terms{denied + "|operation not permitted"}},
	}},
	{cause: EphemeralStorageTimeout, when: terms{"ephemeralstorage|ephemeral storage", "timeout|timed out|waiting"}},
	{cause: VolumeFailed, when: terms{"ebs volume|fsx|ebs attachment|attach volume|attach the volume|create volume|" +
		"cannotcreatevolume|cannotinspectvolume|cannotremovevolume|invalidvolumeerror"}},
}

// networkRules follow "TaskFailedToStart errors". The document gives an unqualified failure to create an interface with
// a public address as a subnet without addresses; another error code of EC2 in the text says otherwise.
var networkRules = []rule{
	{cause: ENITagPolicy, when: terms{"tagpolicyviolation|tag policy|tag policies"}},
	{cause: ENIAddresses, when: terms{"insufficientfreeaddresses|insufficient free address|not enough free address|" +
		"no free address|no free ip|not have enough free|not have enough ip|no available ip|insufficient ip|out of ip"}},
	{cause: ENIFailed, when: terms{"network interface|netplugin|=eni|=cni|containernetworkingerror|device index|" +
		"network namespace"}, not: "resource:eni|closest matching|attachment point", more: []rule{
		{cause: ENITimeout, when: terms{"timeout|timed out|waiting"}},
		{cause: QuotaExceeded, when: terms{"limitexceeded|limit exceeded"}},
		{cause: ENIAddresses, when: terms{"public ip assignment"},
			not: "failure|unauthorized|invalid|notfound|exceeded|denied|not authorized|internal"},
	}},
}

var containerRules = []rule{
	{cause: OutOfMemory, when: terms{"outofmemory|out of memory|due to memory usage|oom-killed|oomkilled|oom killed|" +
		"oom kill"}},
	{cause: InspectFailed, when: terms{"cannotinspectcontainererror|cannotdescribecontainererror|cannot inspect " +
		"container"}},
	{cause: StopFailed, when: terms{"cannotstopcontainer|cannotremovecontainer"}},
	{cause: DockerTimeout, when: terms{"dockertimeouterror|runtimetimeouterror|could not transition to"}},
	{cause: CreateFailedOther, when: terms{"cannotcreatecontainer|hostconfigerror|" +
		"dockerclientconfigerror"}, more: createRules},
	{cause: StartFailedOther, when: terms{"cannotstartcontainer|containerruntimeerror|oci runtime|starting container " +
		"process|start container process|dockerstateerror|failed to create task for container|get container " +
		"status|custom device|executable file not found"},
		more: startRules},
	{cause: DependencyFailed, when: terms{"dependency|dependencies", "not satisf|cannot be resolved|failed|did not|" +
		"exited"}},
}

var createRules = []rule{
	{cause: CreateFailedDisk, when: terms{"thin pool|devmapper|devicemapper|device mapper|no space left|free data " +
		"blocks|disk quota"}},
	{cause: CreateFailedVolumePermission, when: terms{"chown|chmod|ownership|operation not permitted"}},
	{cause: ImageNotFound, when: terms{"no such image"}},
}

var startRules = []rule{
	{cause: DependencyFailed, when: terms{"dependency graph|container ordering dependency"}},
	{cause: StartFailedDevice, when: terms{"custom device|device information|device file|/dev/", missing + "|not a " +
		"device"}},
	{cause: StartFailedExecMissing, when: terms{"executable file not found|not found in path"}},
	{cause: StartFailedExecFormat, when: terms{"exec format error"}},
	{cause: StartFailedGPUHook, when: terms{"prestart hook|running hook|startup hook|createruntime hook|nvidia"}},
	{cause: StartFailedPort, when: terms{"port is already allocated|address already in use|port already"}},
	{cause: CreateFailedDisk, when: terms{"no space left|thin pool"}},
	{cause: StartFailedMount, when: terms{"mounting|mount config|rootfs|bind source|not a directory|mkdir |mount"}},
	{cause: StartFailedExecMissing, when: terms{"exec:|=exec", missing}},
	{cause: StartFailedExecPermission, when: terms{"exec:|=exec", "permission denied|is a directory"}},
}
