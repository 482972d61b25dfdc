// Reads a stream of YAML documents as kubectl and Helm do, and prints each as one line of JSON.
package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"

	"sigs.k8s.io/yaml"
)

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(in io.Reader, out io.Writer) error {
	stream, err := io.ReadAll(in)
	if err != nil {
		return err
	}
	lines := bufio.NewWriter(out)
	for i, document := range split(stream) {
		json, err := yaml.YAMLToJSONStrict(document)
		if err != nil {
			return fmt.Errorf("document %d: %w", i, err)
		}
		if bytes.Equal(json, []byte("null")) {
			continue // nothing but comments
		}
		lines.Write(json)
		lines.WriteByte('\n')
	}
	return lines.Flush()
}

// split cuts a stream as kubectl does, before it knows anything of YAML: at every line that begins
// with three dashes, be it inside of a string.
func split(stream []byte) [][]byte {
	return bytes.Split(append([]byte("\n"), stream...), []byte("\n---"))
}
