// Package admission tests the chart's admission policy by the API server's own compiler and patcher, without a server.
package admission

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	admissionv1 "k8s.io/api/admissionregistration/v1"
	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/apiserver/pkg/admission"
	plugincel "k8s.io/apiserver/pkg/admission/plugin/cel"
	"k8s.io/apiserver/pkg/admission/plugin/policy/mutating/patch"
	"k8s.io/apiserver/pkg/admission/plugin/policy/validating"
	"k8s.io/apiserver/pkg/admission/plugin/webhook/matchconditions"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/cel/environment"
	defaults "k8s.io/kubernetes/pkg/apis/apps/v1"
)

const (
	// Both are written by the Java tests.
	policiesFile = "../../target/admission/policies.yaml"
	casesFile    = "../../target/admission/cases.jsonl"

	onRollout  = "graceful-operator-on-rollout"
	fewestRuns = 150
)

var (
	deployments    = schema.GroupVersionResource{Group: "apps", Version: "v1", Resource: "deployments"}
	deploymentKind = schema.GroupVersionKind{Group: "apps", Version: "v1", Kind: "Deployment"}
)

// One owner's write, and what the operator would make of it.
type run struct {
	Name      string                     `json:"name"`
	OldObject *appsv1.Deployment         `json:"oldObject"`
	Object    *appsv1.Deployment         `json:"object"`
	Params    *unstructured.Unstructured `json:"params"`
	Expected  *appsv1.Deployment         `json:"expected"`
}

func TestThePolicyMakesOfATemplateWhatTheOperatorMakesOfIt(t *testing.T) {
	program := compile(t, onRollout)
	runs := read(t)
	if len(runs) < fewestRuns {
		t.Fatalf("%s has %d cases, of at least %d", casesFile, len(runs), fewestRuns)
	}
	for _, each := range runs {
		t.Run(each.Name, func(t *testing.T) {
			got := program.admit(t, each)
			if !equality.Semantic.DeepEqual(each.Expected.Spec.Template, got.Spec.Template) {
				t.Errorf("the operator (-) and the policy (+) differ:\n%s",
					cmp.Diff(each.Expected.Spec.Template, got.Spec.Template))
			}
			if grace(got) != grace(each.Object) && ownsGrace(t, got) {
				t.Error("the policy changed the grace period, and the writer of another one owns it")
			}
		})
	}
}

func grace(deployment *appsv1.Deployment) int64 {
	return *deployment.Spec.Template.Spec.TerminationGracePeriodSeconds
}

// Whether an update owns the pod's grace period.
func ownsGrace(t *testing.T, deployment *appsv1.Deployment) bool {
	t.Helper()
	return slices.ContainsFunc(deployment.ManagedFields, func(entry metav1.ManagedFieldsEntry) bool {
		var owned map[string]any
		if err := json.Unmarshal(entry.FieldsV1.Raw, &owned); err != nil {
			t.Fatal(err)
		}
		_, found, _ := unstructured.NestedFieldNoCopy(
			owned, "f:spec", "f:template", "f:spec", "f:terminationGracePeriodSeconds")
		return found && entry.Operation == metav1.ManagedFieldsOperationUpdate
	})
}

// program is a policy as the API server runs it.
type program struct {
	compiler *plugincel.CompositedCompiler
	matcher  matchconditions.Matcher
	patchers []patch.Patcher
	scheme   *runtime.Scheme
}

func compile(t *testing.T, name string) *program {
	t.Helper()
	policy := policyNamed(t, name)
	compiler, err := plugincel.NewCompositedCompiler(environment.MustBaseEnvSet(environment.DefaultCompatibilityVersion()))
	if err != nil {
		t.Fatal(err)
	}
	declared := plugincel.OptionalVariableDeclarations{HasParams: true, HasAuthorizer: true}
	for _, variable := range policy.Spec.Variables {
		result := compiler.CompileAndStoreVariable(
			&validating.Variable{Name: variable.Name, Expression: variable.Expression}, declared, environment.StoredExpressions)
		if result.Error != nil {
			t.Fatalf("variable %s: %v", variable.Name, result.Error)
		}
	}
	conditions := make([]plugincel.ExpressionAccessor, len(policy.Spec.MatchConditions))
	for i := range policy.Spec.MatchConditions {
		conditions[i] = (*matchconditions.MatchCondition)(&policy.Spec.MatchConditions[i])
	}
	// The policy ignores what fails, so that no owner's write ever does; here it is to be seen.
	fail := admissionv1.Fail
	matcher := matchconditions.NewMatcher(
		compiler.CompileCondition(conditions, declared, environment.StoredExpressions), &fail, "policy", "mutate", name)
	declared.HasPatchTypes = true
	var patchers []patch.Patcher
	for _, mutation := range policy.Spec.Mutations {
		evaluator := compiler.CompileMutatingEvaluator(
			&patch.JSONPatchCondition{Expression: mutation.JSONPatch.Expression}, declared, environment.StoredExpressions)
		for _, err := range evaluator.CompilationErrors() {
			t.Fatal(err)
		}
		patchers = append(patchers, patch.NewJSONPatcher(evaluator))
	}
	scheme := runtime.NewScheme()
	if err := appsv1.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	return &program{compiler, matcher, patchers, scheme}
}

// admit gives what the API server stores of an owner's write.
func (p *program) admit(t *testing.T, each run) *appsv1.Deployment {
	t.Helper()
	ctx := p.compiler.CreateContext(context.Background())
	attributes := admission.NewAttributesRecord(each.Object, each.OldObject, deploymentKind, each.Object.Namespace,
		each.Object.Name, deployments, "", admission.Update, &metav1.UpdateOptions{}, false, &user.DefaultInfo{Name: "owner"})
	versioned := &admission.VersionedAttributes{
		Attributes:         attributes,
		VersionedKind:      deploymentKind,
		VersionedObject:    each.Object.DeepCopy(),
		VersionedOldObject: each.OldObject,
	}
	match := p.matcher.Match(ctx, versioned, each.Params, nil)
	if match.Error != nil {
		t.Fatal(match.Error)
	}
	if match.Matches {
		for _, patcher := range p.patchers {
			patched, err := patcher.Patch(ctx, patch.Request{
				MatchedResource:     deployments,
				VersionedAttributes: versioned,
				ObjectInterfaces:    admission.NewObjectInterfacesFromScheme(p.scheme),
				OptionalVariables:   plugincel.OptionalVariableBindings{VersionedParams: each.Params},
			}, celconfig.RuntimeCELCostBudget)
			if err != nil {
				t.Fatal(err)
			}
			versioned.VersionedObject = patched
		}
	}
	stored := versioned.VersionedObject.(*appsv1.Deployment)
	defaults.SetObjectDefaults_Deployment(stored)
	return stored
}

func policyNamed(t *testing.T, name string) *admissionv1.MutatingAdmissionPolicy {
	t.Helper()
	decoder := yaml.NewYAMLOrJSONDecoder(bufio.NewReader(open(t, policiesFile)), 4096)
	for {
		var policy admissionv1.MutatingAdmissionPolicy
		if err := decoder.Decode(&policy); err == io.EOF {
			t.Fatalf("%s has no policy %s", policiesFile, name)
		} else if err != nil {
			t.Fatal(err)
		}
		if policy.Kind == "MutatingAdmissionPolicy" && policy.Name == name {
			return &policy
		}
	}
}

func read(t *testing.T) []run {
	t.Helper()
	var runs []run
	lines := bufio.NewScanner(open(t, casesFile))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var each run
		decoder := json.NewDecoder(strings.NewReader(lines.Text()))
		if err := decoder.Decode(&each); err != nil {
			t.Fatalf("%s: %v", casesFile, err)
		}
		for _, deployment := range []*appsv1.Deployment{each.OldObject, each.Object, each.Expected} {
			defaults.SetObjectDefaults_Deployment(deployment)
		}
		runs = append(runs, each)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return runs
}

func open(t *testing.T, file string) *os.File {
	t.Helper()
	opened, err := os.Open(file)
	if err != nil {
		t.Fatalf("%v: the Java tests write it, run make test", err)
	}
	t.Cleanup(func() { _ = opened.Close() })
	return opened
}
