package diag

// Mechanism is one of a small closed set of things that must work for AWS to serve. A check's [Info] says which
// mechanisms its trouble breaks, and which ones, when broken below, would explain it. This is the only thing that
// checks of different packages have in common.
type Mechanism string

// The mechanisms, from the ground up. The order is a tie-breaker only: what stands earlier is the likelier cause.
const (
	// Permission: IAM, resource and endpoint policies allow what is asked.
	Permission Mechanism = "permission"
	// NetworkPath: packets pass between two ends: security groups, ACLs, routes, gateways.
	NetworkPath Mechanism = "network-path"
	// NameResolution: a name resolves to the right address.
	NameResolution Mechanism = "name-resolution"
	// TLS: two ends agree on a protocol, and the one that calls trusts the certificate of the other.
	TLS Mechanism = "tls"
	// HostRun: the EC2 host is up and sound.
	HostRun Mechanism = "host-run"
	// AgentConnect: the ECS or SSM agent on a host is connected to its service.
	AgentConnect Mechanism = "agent-connect"
	// Placement: a task finds room: capacity, ports, attributes, quota, addresses.
	Placement Mechanism = "placement"
	// ImagePull: the container image arrives.
	ImagePull Mechanism = "image-pull"
	// SecretRead: secrets, parameters and environment files are delivered to a task.
	SecretRead Mechanism = "secret-read"
	// LogDelivery: the log driver reaches its destination.
	LogDelivery Mechanism = "log-delivery"
	// Demand: no more is asked of what serves than usual. What breaks it names whom it asks too much of, as related.
	Demand Mechanism = "demand"
	// DBStorage: the database instance has room for what it writes.
	DBStorage Mechanism = "db-storage"
	// DBMemory: the database instance has the memory that its load takes.
	DBMemory Mechanism = "db-memory"
	// DBServe: the database instance is available and keeps up with its load.
	DBServe Mechanism = "db-serve"
	// DBAccept: the database accepts new connections and logins.
	DBAccept Mechanism = "db-accept"
	// Application: the program in the container or on the host works as written: configuration, dependencies, code.
	Application Mechanism = "application"
	// TaskStart: a task gets from placed to running.
	TaskStart Mechanism = "task-start"
	// TaskRun: a running task stays up until it is asked to stop.
	TaskRun Mechanism = "task-run"
	// TargetReachable: a load balancer gets an answer from a target's port.
	TargetReachable Mechanism = "target-reachable"
	// HealthCheck: a target or container passes its health check.
	HealthCheck Mechanism = "health-check"
	// TaskCount: a service has as many tasks in service as it wants.
	TaskCount Mechanism = "task-count"
	// Rollout: a deployment gets to its end.
	Rollout Mechanism = "rollout"
	// Routing: a load balancer has somewhere to send a request.
	Routing Mechanism = "routing"
	// Request: a request is answered in time and without an error.
	Request Mechanism = "request"
	// Session: a person or tool gets a session into a task or host.
	Session Mechanism = "session"
)

// Mechanisms returns all mechanisms, from the ground up.
func Mechanisms() []Mechanism {
	return []Mechanism{
		Permission, NetworkPath, NameResolution, TLS, HostRun, AgentConnect, Placement, ImagePull, SecretRead,
		LogDelivery, Demand, DBStorage, DBMemory, DBServe, DBAccept, Application, TaskStart, TaskRun, TargetReachable, HealthCheck, TaskCount,
		Rollout, Routing,
		Request, Session,
	}
}
