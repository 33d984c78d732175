// Package admission tests the chart's admission policy by the API server's own compiler and patcher, without a server.
package admission

import (
	"bufio"
	"bytes"
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
	atCreation = "graceful-operator-at-creation"
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

// Client-side apply merges the hook that an owner adds into a sleep of ours, and the API server takes no container with two.
// Report r14: another container has a sleep of the owner's own, so that the last applied configuration has one.
func TestAnOwnersHookTakesThePlaceOfOurSleepR14(t *testing.T) {
	program := compile(t, onRollout)
	for name, shipper := range map[string]struct {
		container string
		sleeps    int64
	}{
		"beside no other sleep":         {`{"name": "logs"}`, 6},
		"beside a sleep of the owner's": {`{"name": "logs", "lifecycle": {"preStop": {"sleep": {"seconds": 3}}}}`, 3},
		"beside one that is as ours":    {`{"name": "logs", "lifecycle": {"preStop": {"sleep": {"seconds": 6}}}}`, 6},
		"beside a postStart sleep":      {`{"name": "logs", "lifecycle": {"postStart": {"sleep": {"seconds": 1}}}}`, 6},
	} {
		t.Run(name, func(t *testing.T) {
			got := program.admit(t, hookMerged(t, shipper.container, `{"preStop": {"exec": {"command": ["/bin/drain"]}}}`))
			hook := got.Spec.Template.Spec.Containers[0].Lifecycle.PreStop
			if hook.Sleep != nil || hook.Exec == nil {
				t.Errorf("the API server refuses the owner's write: %+v", hook)
			}
			if other := got.Spec.Template.Spec.Containers[1].Lifecycle.PreStop; other.Sleep.Seconds != shipper.sleeps {
				t.Errorf("the other container sleeps %d s", other.Sleep.Seconds)
			}
		})
	}
}

// A file with two hooks in one container is not ours to correct.
func TestTwoHooksOfAnOwnersAreNotPartedR14(t *testing.T) {
	both := `{"preStop": {"exec": {"command": ["/bin/drain"]}, "sleep": {"seconds": 6}}}`
	each := hookMerged(t, `{"name": "logs", "lifecycle": {"preStop": {"sleep": {"seconds": 3}}}}`, both)
	got := compile(t, onRollout).admit(t, each)
	if hook := got.Spec.Template.Spec.Containers[0].Lifecycle.PreStop; hook.Sleep == nil || hook.Exec == nil {
		t.Errorf("the owner's file is invalid, and was made valid: %+v", hook)
	}
}

// What becomes of a new Deployment: the sleep of each of its containers, and its grace period.
func TestANewDeploymentIsProtectedWhereThatIsPlain(t *testing.T) {
	program := compile(t, atCreation)
	const app = `{"name": "app", "ports": [{"containerPort": 8080}]}`
	const noSurge = `"strategy": {"rollingUpdate": {"maxSurge": 0}}, `
	for name, each := range map[string]struct {
		metadata, spec, pod string
		sleeps              []int64
		grace               int64
	}{
		"one container": {"", "", `"containers": [` + app + `]`, []int64{6}, 36},
		"r02: a container that declares no port, beside one that does": {
			"", "", `"containers": [` + app + `, {"name": "php"}]`, []int64{6, 8}, 38},
		"r04: none declares a port": {
			"", "", `"containers": [{"name": "app", "readinessProbe": {}}, {"name": "dbproxy"}]`, []int64{6, 6}, 36},
		"a declared grace period of the least drain": {
			"", "", `"terminationGracePeriodSeconds": 17, "containers": [` + app + `, {"name": "php"}]`, []int64{6, 6}, 17},
		"r20: no surge": {"", noSurge, `"containers": [` + app + `]`, []int64{6}, 36},
		"r20: no surge and a hostPort": {
			"", noSurge, `"containers": [{"name": "app", "ports": [{"containerPort": 8080, "hostPort": 80}]}]`, []int64{0}, 30},
		"r20: no surge and a claim": {
			"", `"strategy": {"rollingUpdate": {"maxSurge": "0%"}}, `,
			`"containers": [` + app + `], "volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]`,
			[]int64{0}, 30},
		"r21: a hostPort": {
			"", "", `"containers": [{"name": "app", "ports": [{"containerPort": 8080, "hostPort": 80}]}]`, []int64{6}, 36},
		"r23: a controlling owner": {
			`, "ownerReferences": [{"kind": "Revision", "name": "web-1", "controller": true}]`, "",
			`"containers": [` + app + `]`, []int64{0}, 30},
		"an owner": {
			`, "ownerReferences": [{"kind": "App", "name": "web"}]`, "", `"containers": [` + app + `]`, []int64{6}, 36},
	} {
		t.Run(name, func(t *testing.T) {
			var given run
			text := `{
				"object": {"metadata": {"namespace": "shop", "name": "web"` + each.metadata + `},
					"spec": {` + each.spec + `"template": {"spec": {` + each.pod + `}}}},
				"params": {"apiVersion": "graceful.dev/v1alpha1", "kind": "GracefulPolicy",
					"metadata": {"namespace": "shop", "name": "web", "generation": 1},
					"spec": {"selector": {}, "apply": "OnRollout", "propagationSeconds": 5, "drainSeconds": 30},
					"status": {"protectsNewDeployments": true, "observedGeneration": 1}}}`
			if err := json.Unmarshal([]byte(text), &given); err != nil {
				t.Fatal(err)
			}
			defaults.SetObjectDefaults_Deployment(given.Object)
			got := program.admit(t, given)
			var sleeps []int64
			for _, container := range got.Spec.Template.Spec.Containers {
				var seconds int64
				if container.Lifecycle != nil {
					seconds = container.Lifecycle.PreStop.Sleep.Seconds
				}
				sleeps = append(sleeps, seconds)
			}
			if diff := cmp.Diff(each.sleeps, sleeps); diff != "" || grace(got) != each.grace {
				t.Errorf("grace period %d, and sleeps:\n%s", grace(got), diff)
			}
		})
	}
}

// hookMerged is a write by client-side apply to a Deployment with our sleep of 6 s, of a file that gives the container app
// this lifecycle, and has another container.
func hookMerged(t *testing.T, other, lifecycle string) run {
	t.Helper()
	file, err := json.Marshal(`{"spec":{"template":{"spec":{"containers":[` +
		compact(t, `{"name":"app","lifecycle":`+lifecycle+`}`) + `,` + compact(t, other) + `]}}}}`)
	if err != nil {
		t.Fatal(err)
	}
	text := `{
		"oldObject": {"metadata": {"namespace": "shop", "name": "web", "uid": "d-1"}, "spec": {"template": {"spec": {
			"terminationGracePeriodSeconds": 36,
			"containers": [{"name": "app", "lifecycle": {"preStop": {"sleep": {"seconds": 6}}}}, ` + other + `]}}}},
		"object": {"metadata": {"namespace": "shop", "name": "web", "uid": "d-1",
			"annotations": {"kubectl.kubernetes.io/last-applied-configuration": ` + string(file) + `},
			"managedFields": [{"manager": "kubectl-client-side-apply", "operation": "Update", "fieldsType": "FieldsV1",
				"fieldsV1": {"f:spec": {"f:template": {"f:spec": {"f:containers": {
					"k:{\"name\":\"app\"}": {"f:lifecycle": {"f:preStop": {"f:exec": {}}}},
					"k:{\"name\":\"logs\"}": {"f:lifecycle": {"f:preStop": {"f:sleep": {}}}}}}}}}}]},
			"spec": {"template": {"spec": {"terminationGracePeriodSeconds": 36, "containers": [
				{"name": "app", "lifecycle": {"preStop": {"exec": {"command": ["/bin/drain"]}, "sleep": {"seconds": 6}}}}, ` +
		other + `]}}}},
		"params": {"apiVersion": "graceful.dev/v1alpha1", "kind": "DeploymentProtection",
			"metadata": {"namespace": "shop", "name": "web", "ownerReferences": [{"uid": "d-1"}]},
			"spec": {"apply": "OnRollout", "before": {"terminationGracePeriodSeconds": 30},
				"decision": {"containers": ["app"], "sleepSeconds": 6, "terminationGracePeriodSeconds": 36}}}}`
	var each run
	if err := json.Unmarshal([]byte(text), &each); err != nil {
		t.Fatal(err)
	}
	for _, deployment := range []*appsv1.Deployment{each.OldObject, each.Object} {
		defaults.SetObjectDefaults_Deployment(deployment)
	}
	return each
}

// compact is as kubectl writes the last applied configuration.
func compact(t *testing.T, text string) string {
	t.Helper()
	var buffer bytes.Buffer
	if err := json.Compact(&buffer, []byte(text)); err != nil {
		t.Fatal(err)
	}
	return buffer.String()
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
	// A nil of a type would be an object.
	var old runtime.Object
	operation, options := admission.Create, runtime.Object(&metav1.CreateOptions{})
	if each.OldObject != nil {
		old, operation, options = each.OldObject, admission.Update, &metav1.UpdateOptions{}
	}
	attributes := admission.NewAttributesRecord(each.Object, old, deploymentKind, each.Object.Namespace,
		each.Object.Name, deployments, "", operation, options, false, &user.DefaultInfo{Name: "owner"})
	versioned := &admission.VersionedAttributes{
		Attributes:         attributes,
		VersionedKind:      deploymentKind,
		VersionedObject:    each.Object.DeepCopy(),
		VersionedOldObject: old,
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
