package rdsdiag

import (
	"strconv"
	"strings"
)

// classFamily is what the sizes of a family of instance classes have in common.
type classFamily struct {
	prefix string
	// gibPerVCPU is the memory of a virtual processor, in GiB.
	gibPerVCPU float64
}

// classFamilies are read in order; the first whose prefix fits decides ("Hardware specifications for DB instance
// classes", Amazon RDS and Aurora User Guides).
var classFamilies = []classFamily{
	{"m3", 3.75}, {"m", 4},
	{"r3", 7.625}, {"r4", 7.625}, {"r", 8},
	{"x1e", 30.5}, {"x1", 15.25}, {"x2iedn", 32}, {"x2iezn", 32}, {"x2g", 16}, {"x2idn", 16},
	{"z1d", 8}, {"c6gd", 2},
}

// burstableSize is the memory in GiB and the number of virtual processors of a size of the burstable families (same
// source), and the share of each processor that credits accrue for, in percent ("Key concepts for burstable
// performance instances", Amazon EC2 User Guide).
type burstableSize struct{ gib, vcpus, baseline, baselineT2 float64 }

var burstableSizes = map[string]burstableSize{
	"micro": {1, 2, 10, 10}, "small": {2, 2, 20, 20}, "medium": {4, 2, 20, 20}, "large": {8, 2, 30, 30},
	"xlarge": {16, 4, 40, 22.5}, "2xlarge": {32, 8, 40, 17},
}

// instanceClass is what an instance class such as "db.m6g.large" stands for. Zero fields are not known.
type instanceClass struct {
	// memory is in bytes, as the class is sold; the database gets somewhat less.
	memory, vcpus float64
	// baseline is the processor load in percent that a burstable class can keep up without credits.
	baseline float64
	// unlimited reports that the class goes on above its baseline without credits, for a charge.
	unlimited bool
}

const gib = 1 << 30

// classOf reads an instance class. Of one that it does not know all fields are zero.
func classOf(name string) instanceClass {
	parts := strings.Split(name, ".")
	if len(parts) < 3 || parts[0] != "db" {
		return instanceClass{}
	}
	family, size := parts[1], parts[2]
	if s, ok := burstableSizes[size]; ok && (family == "t2" || family == "t3" || family == "t4g") {
		c := instanceClass{memory: s.gib * gib, vcpus: s.vcpus, baseline: s.baseline, unlimited: true}
		if family == "t2" { // the others run in Unlimited mode on RDS ("DB instance classes")
			c.baseline, c.unlimited = s.baselineT2, false
		}
		return c
	}
	for _, f := range classFamilies {
		if vcpus := vcpusOf(size); strings.HasPrefix(family, f.prefix) && vcpus > 0 {
			return instanceClass{memory: vcpus * f.gibPerVCPU * gib * memoryFactor(parts[3:]), vcpus: vcpus}
		}
	}
	return instanceClass{}
}

func vcpusOf(size string) float64 {
	switch size {
	case "medium":
		return 1
	case "large":
		return 2
	case "xlarge":
		return 4
	}
	n, err := strconv.Atoi(strings.TrimSuffix(size, "xlarge"))
	if err != nil || !strings.HasSuffix(size, "xlarge") {
		return 0
	}
	return 4 * float64(n)
}

// memoryFactor reads the end of classes with more memory, such as "db.r5.4xlarge.tpc1.mem2x" ("RDS for Oracle DB
// instance classes").
func memoryFactor(suffixes []string) float64 {
	for _, s := range suffixes {
		n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(s, "mem"), "x"))
		if strings.HasPrefix(s, "mem") && err == nil && n > 0 {
			return float64(n)
		}
	}
	return 1
}
