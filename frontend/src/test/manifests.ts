import type { Kind } from '@/features/workloads/create/model/kinds';

/** Written by hand: comments everywhere, its own indentation, fields that no form has. */
export const manifests: Record<Kind, string> = {
  Deployment: `# The shop, see INC-7
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop, labels: {app: web}}   # short


spec:
  replicas:   3 # peak
  strategy: {type: Recreate}
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
      # the shop itself
      - name: web
        image: "web:1"   # pinned
        args: [ "--flag", 'x y' ]   # odd spaces
        resources:
          limits:
            cpu: 500m # measured in May
            memory: 1Gi
      - name: proxy
        image: proxy:2
`,
  StatefulSet: `apiVersion: apps/v1
kind: StatefulSet
metadata:
    name: db
    annotations:
        note: >-
            a folded
            text
spec:
    replicas: 3
    serviceName: db # headless
    selector:
        matchLabels:
            app: db
    template:
        metadata:
            labels:
                app: db
        spec:
            containers:
                - name: db
                  image: db:1
    volumeClaimTemplates:
        - metadata: { name: data }
`,
  DaemonSet: `---
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: agent
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec:
      tolerations:
        - operator: Exists   # everywhere
      containers:
        - {name: agent, image: "agent:1"}
# the end
`,
  Job: `apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
spec:
  completions: 2
  activeDeadlineSeconds: 60 # then it failed
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: migrate
          image: migrate:1
          command:
            - sh
            - -c
            - |
              echo a # no comment
              echo b
`,
  CronJob: `apiVersion: batch/v1
kind: CronJob
metadata:
  name: nightly
spec:
  schedule: "0 3 * * *" # after the backup
  startingDeadlineSeconds: 30
  jobTemplate:
    spec:
      completions: 1
      template:
        spec:
          # once
          restartPolicy: OnFailure
          containers:
            - name: nightly
              image: nightly:1
`,
  ReplicaSet: `apiVersion: apps/v1
kind: ReplicaSet
metadata:
  name: old
spec:
  replicas: 1
  selector:
    matchLabels:
      app: old
  template:
    metadata:
      labels:
        app: old
    spec:
      containers:
        - name: old
          image: old:1
`,
};
