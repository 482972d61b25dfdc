{{/* Shared by the subcharts, whose values are those of their service. */}}

{{- define "ai-todo.name" -}}
ai-todo-{{ .Chart.Name }}
{{- end }}

{{- define "ai-todo.selector" -}}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/name: {{ include "ai-todo.name" . }}
{{- end }}

{{- define "ai-todo.labels" -}}
{{ include "ai-todo.selector" . }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
{{- end }}

{{- define "ai-todo.secret" -}}
{{- range $key, $value := .Values.secret }}
{{ $key }}: {{ $value | b64enc | quote }}
{{- end }}
{{- end }}

{{- define "ai-todo.probe" -}}
httpGet:
  path: {{ .path }}
  port: {{ .port }}
{{- with .initialDelaySeconds }}
initialDelaySeconds: {{ . }}
{{- end }}
{{- with .periodSeconds }}
periodSeconds: {{ . }}
{{- end }}
{{- with .timeoutSeconds }}
timeoutSeconds: {{ . }}
{{- end }}
{{- end }}
