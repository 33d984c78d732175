{{- /* MutatingAdmissionPolicy is served by default from Kubernetes 1.36 on. Empty: the operator writes after the owner. */ -}}
{{- define "graceful-operator.appliesAtAdmission" -}}
{{- if and .Values.admission.enabled (.Capabilities.APIVersions.Has "admissionregistration.k8s.io/v1/MutatingAdmissionPolicy") -}}
true
{{- end -}}
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
  && e.?fieldsV1[?'f:spec'][?'f:template'][?'f:spec'][?'f:terminationGracePeriodSeconds'].hasValue(),
  JSONPatch{op: 'remove', path: '/metadata/managedFields/' + string(i) + (
    e.fieldsV1['f:spec']['f:template']['f:spec'].size() > 1
      ? '/fieldsV1/f:spec/f:template/f:spec/f:terminationGracePeriodSeconds'
      : e.fieldsV1['f:spec']['f:template'].size() > 1 ? '/fieldsV1/f:spec/f:template/f:spec'
      : e.fieldsV1['f:spec'].size() > 1 ? '/fieldsV1/f:spec/f:template'
      : e.fieldsV1.size() > 1 ? '/fieldsV1/f:spec' : '')}
).reverse())
{{- end }}
