package goname

import (
	"strconv"
	"strings"
)

// oses and arches end the names of files that go builds only there.
var buildSuffixes = map[string]bool{"test": true}

func init() {
	for word := range strings.FieldsSeq("aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 " +
		"solaris wasip1 windows zos 386 amd64 amd64p32 arm armbe arm64 arm64be loong64 mips mipsle mips64 mips64le " +
		"mips64p32 mips64p32le ppc ppc64 ppc64le riscv riscv64 s390 s390x sparc sparc64 wasm") {
		buildSuffixes[word] = true
	}
}

// FileName returns the name of the file that holds a Go type, such as order_created.go, not yet told apart from
// others in its folder. It never ends in a way that keeps go from building it.
func FileName(typeName string) string {
	name := snake(typeName)
	if at := strings.LastIndexByte(name, '_'); at >= 0 && buildSuffixes[name[at+1:]] {
		name += "_avro"
	}
	return name + ".go"
}

// TakeFile takes a file's name, with the least number from 2 on that makes it free where it is not.
func (s *Scope) TakeFile(name string) string {
	stem := strings.TrimSuffix(name, ".go")
	for n := 2; !s.Free(name); n++ {
		name = stem + strconv.Itoa(n) + ".go"
	}
	s.Reserve(name)
	return name
}
