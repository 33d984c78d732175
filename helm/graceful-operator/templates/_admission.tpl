{{- /* MutatingAdmissionPolicy is served by default from Kubernetes 1.36 on. Empty: the operator writes after the owner. */ -}}
{{- define "graceful-operator.appliesAtAdmission" -}}
{{- if and .Values.admission.enabled (.Capabilities.APIVersions.Has "admissionregistration.k8s.io/v1/MutatingAdmissionPolicy") -}}
true
{{- end -}}
{{- end }}

{{- /* The entries of managedFields that are an owner's, of the object that is given. `kubectl rollout undo` brings back old
values of ours, and declares nothing. */ -}}
{{- define "graceful-operator.ownersOf" -}}
{{ . }}.metadata.?managedFields.orValue([]).filter(e, e.manager != 'graceful-operator'
  && !(e.operation == 'Update' && e.manager in ['kubectl', 'kubectl-rollout']))
{{- end }}

{{- /* How many seconds longer a container sleeps that serves no port of a Service: requests that a container in front of it
has in hand at its own SIGTERM, 50 ms to 2 s as a rule, still find it. ShutdownGoal.HELPERS_LONGER_SECONDS is the same. */ -}}
{{- define "graceful-operator.helpersLonger" -}}
2
{{- end }}

{{- /* What each of the entries that are given has of the containers, by keys such as k:{"name":"app"}. */ -}}
{{- define "graceful-operator.containersIn" -}}
{{ . }}.map(e,
  e.?fieldsV1[?'f:spec'][?'f:template'][?'f:spec'][?'f:containers'].orValue({}))
{{- end }}

{{- /* Whether the entry e of managedFields has the pod's grace period. */ -}}
{{- define "graceful-operator.hasGrace" -}}
e.?fieldsV1[?'f:spec'][?'f:template'][?'f:spec'][?'f:terminationGracePeriodSeconds'].hasValue()
{{- end }}

{{- /* Whether the container c has a readiness probe with all that the one that is given states. The API server adds
defaults. */ -}}
{{- define "graceful-operator.hasProbe" -}}
{{ . }}.all(k, v, k in c.readinessProbe && (k in ['httpGet', 'tcpSocket', 'grpc']
  ? v.all(k2, v2, k2 in c.readinessProbe[k] && c.readinessProbe[k][k2] == v2)
  : c.readinessProbe[k] == v))
{{- end }}

{{- /* Whether the last applied configuration declares the pod's grace period. It is a text, and a container's probes may have
a field of that name: the pod's is declared if the text has it more often than the probes do. A quote inside of a string is
escaped there, so it does not count. */ -}}
{{- define "graceful-operator.graceInLastApplied" -}}
variables.lastApplied.findAll('"terminationGracePeriodSeconds":').size() >
  (variables.pod.containers + variables.pod.?initContainers.orValue([])).map(c,
    (c.?livenessProbe.?terminationGracePeriodSeconds.hasValue() ? 1 : 0)
    + (c.?startupProbe.?terminationGracePeriodSeconds.hasValue() ? 1 : 0)).sum()
{{- end }}

{{- /* Patches of an expression that raised the grace period: whoever owned it wrote (or defaulted to) another value, and
must not seem to have declared ours. The parents that would be left empty go too, as an empty one would say that they are
owned. From the last entry to the first, so that a removed one does not move those that come after it. */ -}}
{{- define "graceful-operator.letGoOfGrace" -}}
+ (variables.grace == variables.graceNow ? [] : object.metadata.?managedFields.orValue([]).transformList(i, e,
  e.operation == 'Update'
  && {{ include "graceful-operator.hasGrace" . }},
  JSONPatch{op: 'remove', path: '/metadata/managedFields/' + string(i) + (
    e.fieldsV1['f:spec']['f:template']['f:spec'].size() > 1
      ? '/fieldsV1/f:spec/f:template/f:spec/f:terminationGracePeriodSeconds'
      : e.fieldsV1['f:spec']['f:template'].size() > 1 ? '/fieldsV1/f:spec/f:template/f:spec'
      : e.fieldsV1['f:spec'].size() > 1 ? '/fieldsV1/f:spec/f:template'
      : e.fieldsV1.size() > 1 ? '/fieldsV1/f:spec' : '')}
).reverse())
{{- end }}
