{{/* What selects the pods of a service: (list $ $service) */}}
{{- define "services.selector" -}}
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
app.kubernetes.io/name: {{ (index . 1).name }}
{{- end }}

{{/* The labels of every object: (list $ $service) */}}
{{- define "services.labels" -}}
{{ include "services.selector" . }}
app.kubernetes.io/managed-by: {{ (index . 0).Release.Service }}
app.kubernetes.io/version: {{ (index . 0).Chart.AppVersion | quote }}
{{- end }}

{{/* The data of a service's Secret */}}
{{- define "services.secret" -}}
{{- range $key, $value := .secret }}
{{ $key }}: {{ $value | b64enc | quote }}
{{- end }}
{{- end }}
