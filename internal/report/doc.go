// Package report writes findings for people and for machines: as text, JSON lines, GitHub annotations, JUnit, SARIF,
// GitLab code quality and Markdown.
//
// Every command that finds something (compat, lint, generate --check) fills one [Report] and calls [Write]; a format
// knows nothing of the check behind it. What could not be read at all is no finding and is not written here.
package report
