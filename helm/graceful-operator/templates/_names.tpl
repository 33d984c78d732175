{{- /* The names and labels that the templates share. Kubernetes allows 63 characters for most of them. */ -}}

{{- define "graceful-operator.name" -}}
{{- .Values.nameOverride | default .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end }}

{{- /* A release that carries the chart's name already does not get it twice. The suffixes (-edit, -view) need room;
the longer ones belong to admission policies, whose names may have 253 characters. */ -}}
{{- define "graceful-operator.fullname" -}}
{{- $name := include "graceful-operator.name" . -}}
{{- $full := contains $name .Release.Name | ternary .Release.Name (printf "%s-%s" .Release.Name $name) -}}
{{- .Values.fullnameOverride | default $full | trunc 58 | trimSuffix "-" -}}
{{- end }}

{{- /* The account "default" is that of every pod of the namespace that names none: each would have the operator's rights. */ -}}
{{- define "graceful-operator.serviceAccountName" -}}
{{- $missing := "serviceAccount.name is not set: with serviceAccount.create=false, name an account that the operator has for itself" -}}
{{- if not .Values.serviceAccount.create -}}
{{- required $missing .Values.serviceAccount.name -}}
{{- else -}}
{{- .Values.serviceAccount.name | default (include "graceful-operator.fullname" .) -}}
{{- end -}}
{{- end }}

{{- /* How the API server knows the operator. */ -}}
{{- define "graceful-operator.username" -}}
system:serviceaccount:{{ .Release.Namespace }}:{{ include "graceful-operator.serviceAccountName" . }}
{{- end }}

{{- /* What never changes in the life of a release: a Deployment's selector cannot be changed. */ -}}
{{- define "graceful-operator.selectorLabels" -}}
app.kubernetes.io/name: {{ include "graceful-operator.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "graceful-operator.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "graceful-operator.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- /* A default would be a name without an owner, or one that belongs to others. */ -}}
{{- define "graceful-operator.image" -}}
{{- $missing := printf "image.repository is not set: build the image with 'make image' or with 'docker build -t localhost/graceful-operator:%s .', bring it to the nodes or to a registry, and say where it is with --set image.repository=localhost/graceful-operator or --set image.repository=REGISTRY/graceful-operator" .Chart.AppVersion -}}
{{- $repository := required $missing .Values.image.repository -}}
{{- with .Values.image -}}
{{- if .digest -}}
{{ $repository }}@{{ .digest }}
{{- else -}}
{{ $repository }}:{{ .tag | default $.Chart.AppVersion }}
{{- end -}}
{{- end -}}
{{- end }}
