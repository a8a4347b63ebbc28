// Judges says what kstatus and `kubectl rollout status` say of objects.
//
// It reads one object a line as JSON from standard input and writes one verdict a line, in the same order. The rules are
// those of the two projects, unchanged.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/kubectl/pkg/polymorphichelpers"
	"sigs.k8s.io/cli-utils/pkg/kstatus/status"
)

type verdict struct {
	Kstatus kstatusVerdict  `json:"kstatus"`
	Rollout *rolloutVerdict `json:"rollout,omitempty"`
}

type kstatusVerdict struct {
	Status  string `json:"status"`
	Message string `json:"message"`
}

// rolloutVerdict is what `kubectl rollout status --watch=false` prints, and whether it is done. An error is its exit code 1.
type rolloutVerdict struct {
	Done    bool   `json:"done"`
	Message string `json:"message,omitempty"`
	Error   string `json:"error,omitempty"`
}

func main() {
	if err := judge(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "judges:", err)
		os.Exit(1)
	}
}

func judge(in io.Reader, out io.Writer) error {
	objects, verdicts := json.NewDecoder(in), json.NewEncoder(out)
	for {
		var content map[string]any
		switch err := objects.Decode(&content); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		object := &unstructured.Unstructured{Object: content}
		ofKstatus, err := kstatus(object)
		if err != nil {
			return fmt.Errorf("kstatus of %s: %w", object.GetName(), err)
		}
		if err := verdicts.Encode(verdict{Kstatus: ofKstatus, Rollout: rollout(object)}); err != nil {
			return err
		}
	}
}

func kstatus(object *unstructured.Unstructured) (kstatusVerdict, error) {
	// The library reads whole numbers as Kubernetes decodes them, not as encoding/json does.
	data, err := json.Marshal(object.Object)
	if err != nil {
		return kstatusVerdict{}, err
	}
	read := &unstructured.Unstructured{}
	if err := read.UnmarshalJSON(data); err != nil {
		return kstatusVerdict{}, err
	}
	result, err := status.Compute(read)
	if err != nil {
		return kstatusVerdict{}, err
	}
	return kstatusVerdict{Status: string(result.Status), Message: result.Message}, nil
}

// rollout is nil for a kind that has no rollout status.
func rollout(object *unstructured.Unstructured) *rolloutVerdict {
	viewer, err := polymorphichelpers.StatusViewerFor(object.GroupVersionKind().GroupKind())
	if err != nil {
		return nil
	}
	message, done, err := viewer.Status(object, 0)
	if err != nil {
		return &rolloutVerdict{Error: err.Error()}
	}
	return &rolloutVerdict{Done: done, Message: message}
}
