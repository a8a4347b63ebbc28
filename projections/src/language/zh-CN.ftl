# 每个代码对应一条消息；小写的是消息的组成部分。空参数写作 `none`。他人的原文由 `with-detail` 附上。
# 原因先说哪里出错，再说影响了谁：列表的一行只显示第一句。

list-separator = 、
with-detail = { $text }：{ $detail }
container = Pod { $pod } 的{ $role ->
    [init] Init 容器
    [sidecar] 边车容器
    [ephemeral] 调试容器
   *[main] 容器
} { $container }

# 工作负载的进度
NOT_OBSERVED = 控制器尚未处理最近一次更改
ROLLING_OUT = 已更新 { $updated }/{ $to_update }，可用 { $available }/{ $desired }
REMOVING = 正在移除 { $pods } 个 Pod
AVAILABLE = 可用 { $available }/{ $desired }
OLD_VERSION_SERVES = 发布卡住，旧版本仍在服务 { $available }/{ $desired }
ROLLOUT_PAUSED = 发布已暂停，已更新 { $updated }/{ $desired }
CREATED_PAUSED = 创建时即为暂停状态：恢复之前不会创建 Pod
UPDATES_ON_DELETE = { $pods } 个 Pod 仍是旧版本，删除后才会更新
PARTITIONED = 已更新 { $updated }/{ $desired }：序号小于 { $partition } 的保持旧版本
NO_NODE_MATCHES = 没有匹配的节点
JOB_NOT_STARTED = 尚未开始
JOB_PROGRESS = 完成 { $succeeded }/{ $completions }，运行中 { $active }，失败 { $failed }
JOB_QUEUE_PROGRESS = 运行中 { $active }，成功 { $succeeded }，失败 { $failed }
JOB_ENDING = 结果已定，最后的 Pod 正在结束
JOB_ENDED = 成功 { $succeeded }，失败 { $failed }
SCHEDULED = 按计划 { $schedule } 运行{ $active ->
    [0] {""}
   *[other] ，{ $active } 个正在运行
}
LAST_RUN_FAILED = 最近一次运行 { $job } 失败

# 容器为何不运行
OOM_KILLED = 内存不足{ $limit ->
    [none] {""}
   *[other] （上限 { $limit }）
}。{ container } 被终止
EXITED = 退出码 { $exit_code }。{ container } 已结束
KILLED_BY_SIGNAL = 被 { $signal } 终止，退出码 { $exit_code }。{ container } 收到该信号
PROBE_KILLED = { $probe ->
    [liveness] 存活
    [startup] 启动
   *[readiness] 就绪
}探针失败。{ container } 已重启
COMMAND_NOT_STARTED = 命令无法启动。{ container } 没有运行
COMMAND_NOT_FOUND = { $exit_code ->
    [126] 命令无法执行
   *[other] 找不到命令
}，退出码 { $exit_code }。{ container } 已结束
CONTAINER_COMPLETED = 退出码 0，但它应持续运行。{ container } 已结束
CONTAINER_LOST = 被节点丢失。{ container } 已不存在
CONTAINER_NOT_CREATED = 无法创建容器。{ container } 在等待
CONTAINER_CONFIG_INVALID = 配置无法使用。{ container } 在等待
CONTAINER_WAITING = { $reason }。{ container } 在等待
HOOK_FAILED = 生命周期钩子失败。{ container } 没有运行
RUNS_AS_ROOT = 将以 root 运行，但安全上下文不允许。{ container } 在等待
INIT_RUNS_LONG = Pod 在等待 Init 容器结束。{ container } 已运行很久

# 容器为何未就绪
PROBE_FAILS = { $probe ->
    [liveness] 存活
    [startup] 启动
   *[readiness] 就绪
}探针失败。{ container } 未就绪
NOT_READY = 不再就绪。{ container } 在运行
NEVER_READY = 一直没有就绪。{ container } 在运行
READINESS_GATE_SHUT = 就绪门控 { $gate } 未满足。Pod { $pod } 在等待

# 镜像为何无法获取
IMAGE_NAME_INVALID = { $image } 不是有效的镜像名。{ container } 在等待
IMAGE_NOT_FOUND = 找不到镜像 { $image }。{ container } 在等待
IMAGE_PULL_DENIED = 镜像仓库拒绝提供 { $image }。{ container } 在等待
IMAGE_RATE_LIMITED = 镜像仓库限制拉取 { $image } 的频率。{ container } 在等待
REGISTRY_UNREACHABLE = 无法连接镜像 { $image } 的仓库。{ container } 在等待
IMAGE_NEVER_PULLED = 节点上没有镜像 { $image }，且拉取策略为 Never。{ container } 在等待
IMAGE_SIGNATURE_INVALID = 镜像 { $image } 的签名无效。{ container } 在等待
IMAGE_PULL_FAILED = 无法拉取镜像 { $image }。{ container } 在等待

# Pod 缺少的东西
CONFIG_MAP_NOT_FOUND = ConfigMap { $name } 不存在。Pod { $pod } 需要它
SECRET_NOT_FOUND = Secret { $name } 不存在。Pod { $pod } 需要它
KEY_NOT_FOUND = { $kind } { $name } 中没有键 { $key }。Pod { $pod } 需要它
CLAIM_NOT_FOUND = PersistentVolumeClaim { $name } 不存在。Pod { $pod } 需要它
CLAIM_UNBOUND = PersistentVolumeClaim 尚未绑定卷。Pod { $pod } 在等待
STORAGE_CLASS_NOT_FOUND = StorageClass { $name } 不存在{ $pod ->
    [none] {""}
   *[other] 。Pod { $pod } 的 PersistentVolumeClaim 需要它
}
VOLUME_NOT_MOUNTED = 无法挂载卷。Pod { $pod } 在等待
VOLUME_NOT_ATTACHED = 无法将卷附加到节点。Pod { $pod } 在等待
SANDBOX_NOT_CREATED = 无法建立网络或沙箱。Pod { $pod } 在等待

# Pod 为何没有节点
INSUFFICIENT_RESOURCES = 没有节点有足够的 { $resources }。Pod { $pod } 在等待
TAINTS_NOT_TOLERATED = 合适的节点都有不被容忍的污点。Pod { $pod } 在等待
NO_MATCHING_NODE = 没有节点符合节点选择器或亲和性。Pod { $pod } 在等待
TOPOLOGY_SPREAD = 没有节点满足拓扑分布约束。Pod { $pod } 在等待
PORTS_TAKEN = 主机端口在所有节点上都被占用。Pod { $pod } 在等待
VOLUME_UNSCHEDULABLE = 没有节点能访问所需的卷。Pod { $pod } 在等待
NO_NODES = 集群中没有节点。Pod { $pod } 在等待
UNSCHEDULABLE = 无法调度。Pod { $pod } 在等待
SCHEDULING_GATED = 调度门控尚未解除。Pod { $pod } 在等待

# Pod 为何被终止
NODE_LOST = 节点 { $node } 无响应或已不存在{ $pod ->
    [none] {""}
   *[other] 。Pod { $pod } 在该节点上
}
NODE_SHUT_DOWN = 节点 { $node } 已关机。Pod { $pod } 在该节点上
NODE_REFUSED = 节点 { $node } 拒绝了 Pod（{ $reason }）。Pod { $pod } 没有运行
EVICTED = 节点 { $node } 驱逐了 Pod { $pod }
PREEMPTED = 被更高优先级的 Pod 抢占。Pod { $pod } 已被终止
DISRUPTED = 中断（{ $reason }）。Pod { $pod } 被外部终止
POD_DEADLINE_EXCEEDED = Pod 运行超过期限。Pod { $pod } 已被终止

# Pod 为何没有创建
QUOTA_EXCEEDED = 配额 { $quota } 拒绝了新的 Pod：请求 { $requested }，已用 { $used }，上限 { $limited }
QUOTA_NEEDS_LIMITS = 配额 { $quota } 只接受写明请求或上限的 Pod
QUOTA_REFUSED = 配额拒绝了它的 Pod
ADMISSION_DENIED = Webhook { $webhook } 拒绝了它的 Pod
POLICY_DENIED = 准入策略 { $policy } 拒绝了它的 Pod
POD_SECURITY_VIOLATED = 它的 Pod 违反 Pod 安全标准 { $policy }
WEBHOOK_UNREACHABLE = Webhook { $webhook } 无响应。无法创建它的 Pod
LABEL_TOO_LONG = 它的 Pod 的标签将超过 63 个字符：名称太长
LIMIT_RANGE_VIOLATED = LimitRange 拒绝了它的 Pod
SERVICE_ACCOUNT_NOT_FOUND = 服务账号 { $name } 不存在。它的 Pod 需要它
PRIORITY_CLASS_NOT_FOUND = 优先级类 { $name } 不存在。它的 Pod 需要它
NAMESPACE_TERMINATING = 它的命名空间正在删除，不接受新的 Pod
POD_INVALID = API 服务器认为它的 Pod 无效
CREATION_FORBIDDEN = API 服务器禁止创建它的 Pod
CREATION_FAILED = 无法创建它的 Pod

# Kubernetes 已放弃，或无法继续
PROGRESS_DEADLINE_EXCEEDED = 超过 { $seconds } 秒的期限仍无进展
JOB_BACKOFF_LIMIT_EXCEEDED = 它的 Pod 失败次数超过重试上限 { $limit }
JOB_DEADLINE_EXCEEDED = 运行时间超过 { $seconds } 秒的期限
JOB_INDEXES_FAILED = 失败的索引：{ $indexes }
JOB_FAILED = 已失败（{ $reason }）
SCHEDULE_INVALID = 计划或时区无法使用
FINALIZERS_BLOCK = 以下终结器移除之前不会消失：{ $finalizers }

# 不运行 Pod 的对象为何未就绪
CLAIM_AWAITS_POD = 按存储类的要求，等待第一个使用它的 Pod
CLAIM_AWAITS_NODE = 等待使用它的 Pod 分配到节点
CLAIM_AWAITS_PROVISIONER = 等待供应程序创建卷
CLAIM_NOT_BOUND = 没有可以绑定的卷
CLAIM_LOST = 它的卷{ $volume ->
    [none] {""}
   *[other] {" "}{ $volume }{" "}
}已不存在
VOLUME_NOT_PROVISIONED = 无法创建它的卷
VOLUME_RESIZING = 正在调整它的卷的大小
FILE_SYSTEM_RESIZE_PENDING = 卷的大小已调整，文件系统要等使用它的 Pod 所在节点来调整
VOLUME_MODIFYING = 正在更改它的卷的属性
VOLUME_NOT_RESIZED = 无法调整它的卷的大小
VOLUME_NOT_MODIFIED = 无法更改它的卷的属性
VOLUME_RELEASED = 它的 PersistentVolumeClaim{ $claim ->
    [none] {" "}
   *[other] {" "}{ $claim }{" "}
}已不存在，数据仍然保留
VOLUME_RECLAIMING = 它的 PersistentVolumeClaim{ $claim ->
    [none] {" "}
   *[other] {" "}{ $claim }{" "}
}已不存在，正在删除或回收它
VOLUME_NOT_RECLAIMED = PersistentVolumeClaim 消失后无法删除或回收它{ why }
NODE_NOT_READY = 节点 { $node } 未就绪{ why }
NODE_UNDER_PRESSURE = 节点 { $node } 的{ $type ->
    [DiskPressure] 磁盘空间
    [MemoryPressure] 内存
    [PIDPressure] 进程号
   *[other] {" "}{ $type }{" "}
}不足
NODE_WITHOUT_NETWORK = 节点 { $node } 的网络尚未配置
NODE_CORDONED = 节点 { $node } 已被封锁，不接受新的 Pod
NAMESPACE_NOT_LISTED = API 服务器无法列出其中还剩什么
NAMESPACE_CONTENT_NOT_DELETED = 其中有些内容无法删除
NAMESPACE_CONTENT_HELD = 其中有些内容在等待终结器
NAMESPACE_CONTENT_REMAINS = 其中还有内容未删除
LOAD_BALANCER_PENDING = 负载均衡器还没有地址
LOAD_BALANCER_FAILED = 无法配置负载均衡器
NO_BACKEND = 没有后端
CANNOT_SCALE = 无法对目标扩缩容{ why }
METRIC_UNREADABLE = 无法读取指标{ why }
TARGET_SCALED_TO_ZERO = 目标已缩容到零，因此它不起作用
TOO_FEW_HEALTHY = 健康 { $healthy } 个，至少需要 { $desired } 个：不允许驱逐健康的 Pod
BUDGET_WITHOUT_PODS = 没有选中任何 Pod
BUDGET_NOT_COMPUTED = 无法计算可以驱逐多少 Pod
QUOTA_FULL = 配额 { $quota } 已用尽：{ $resources }
NAMES_NOT_ACCEPTED = 该类型的名称未被接受{ why }
API_UNAVAILABLE = 提供它的服务器无响应{ why }
ROUTE_REPORTED = { $parent ->
    [none] 父资源
   *[other] { $parent }{" "}
}报告：状况 { $type } 为 { $status }{ why }
ROUTE_NOT_TAKEN = 还没有网关接受它
LISTENER_REPORTED = 监听器 { $listener } 的状况 { $type } 为 { $status }{ why }
PHASE_REPORTED = 阶段为 { $phase }
why = { $reason ->
    [none] {""}
   *[other] （{ $reason }）
}

# 观察到的情况
CONTAINER_ENDED = 以退出码 { $exit_code } 结束（{ $reason }），已重启 { $restarts } 次
CONTAINER_WAITS = 在等待（{ $reason }）
CONDITION_REPORTED = 状况 { $type } 为 { $status }{ $reason ->
    [none] {""}
   *[other] （{ $reason }）
}
EVENT_REPORTED = { $reason }{ $count ->
    [1] {""}
   *[other] ，至少 { $count } 次
}
REQUEST_REJECTED = API 服务器拒绝了它

# 操作在等什么，以及等待如何结束
AWAITING_PODS = 等待 { $desired } 个 Pod 可用，当前 { $available } 个
AWAITING_START = 等待创建第一个 Pod
AWAITING_REMOVAL = 等待移除完成{ $pods ->
    [0] {""}
   *[other] ，还剩 { $pods } 个 Pod
}
AWAITING_FINALIZERS = 等待终结器：{ $finalizers }
ALL_AVAILABLE = 可用 { $available }/{ $desired }
IS_READY = 已就绪
RESTARTS_ON_DELETE = 它的 { $pods } 个 Pod 删除后才会更新
STARTS_NEW_VERSION_ONLY = 目前仍有 { $pods } 个旧版本的 Pod，之后再启动时只会创建新版本的 Pod
SCALED_TO_ZERO = 已缩容到零，Pod 已全部移除
IS_SUSPENDED = 已挂起
IS_RESUMED = 已取消挂起
RUNS_GO_ON = 不再开始新的运行，{ $active } 个仍在继续
JOB_STARTED = 已开始
JOB_STARTED_AND_GONE = 已运行结束，并按存活时间移除
JOB_ENDED_BY_ITSELF = 已自行结束
IS_GONE = 已不存在
REPLACED_BY_ANOTHER = 已不存在，现有同名的另一个对象
PAUSED_MEANWHILE = 发布在此期间被暂停
SEEN_BY_CONTROLLER = 控制器已看到更改
CHANGED_PAUSED = 已更改。发布已暂停，恢复之前 Pod 保持不变
USED_BY_NEW_PODS = 已更改。已有的 Pod 保持不变
USED_BY_NEXT_RUN = 已更改，下次运行生效

# 等待期间他人的更改
PAUSED_CHANGED = { $found ->
    [true] 发布被暂停
   *[false] 发布被恢复
}
REPLICAS_CHANGED = 副本数从 { $requested } 被改为 { $found }
SUSPEND_CHANGED = { $found ->
    [true] 被挂起
   *[false] 被取消挂起
}
SPEC_CHANGED = 规约被更改
DELETION_BEGUN = 删除已开始
DELETED_BY_OTHERS = 已被删除

# 为何不能请求，或请求前须知
BEING_DELETED = 正在删除
HAS_NO_REPLICAS = { $kind } 没有副本数
DOES_NOT_ROLL_OUT = { $kind } 不会替换 Pod：请删除后重新创建
CANNOT_STOP = { $kind } 在每个匹配的节点上运行，无法停止
ALREADY_STOPPED = 已经停止
ALREADY_SUSPENDED = 已经挂起
NOT_STOPPED = 未停止
NOT_SUSPENDED = 未挂起
NOTHING_REMEMBERED = 不是在此处停止的，没有记住副本数：请直接设置副本数
NOTHING_TO_RESTART = 没有可重启的 Pod
ROLLOUT_IS_PAUSED = 发布已暂停：请先恢复
JOB_HAS_ENDED = Job 已结束
OWNED_BY_ANOTHER = 副本数由 { $kind } { $name } 设定
OWNER_MAKES_IT_AGAIN = { $kind } { $name } 可能会重新创建它
AUTOSCALED = 副本数由自动扩缩器 { $name } 设定，范围 { $min } 到 { $max }
CANNOT_BE_DONE = 集群不允许对 { $kind } 执行此操作
NOT_OF_KIND = { $kind } 没有这个操作
TEMPLATE_OF_OWNER = 它的 Pod 由 { $kind } { $name } 决定：请更改后者
IS_SO_ALREADY = { $verb ->
    [PauseRollout] 发布已经暂停
    [ResumeRollout] 发布未暂停
   *[other] { $verb }：已经如此
}

# What an action is called, and what it does.
ACTION_LABEL = { $verb ->
    [CreateWorkload] 创建
    [ScaleWorkload] 扩缩
    [RestartWorkload] 重启
    [StopWorkload] 停止
    [StartWorkload] 启动
    [DeleteWorkload] 删除
    [ApplyManifests] 应用
    [RestoreObject] 恢复
    [DeleteObject] 删除对象
    [PauseRollout] 暂停发布
    [ResumeRollout] 恢复发布
    [SetImage] 设置镜像
    [SetEnvironment] 设置环境变量
    [SetResources] 设置资源
    [SetLabels] 设置标签
    [SetAnnotations] 设置注解
    [SetConfigMapData] 设置数据
    [SetSecretData] 设置值
   *[other] { $verb }
}
ACTION_EFFECT = { $verb ->
    [CreateWorkload] 用清单创建它
    [ScaleWorkload] 设定它的 Pod 数量
    [RestartWorkload] 请求新的 Pod
    [StopWorkload] 将它缩容到零或挂起，并记录其规模供下次启动
    [StartWorkload] 将它恢复到停止之前的规模，或取消挂起
    [DeleteWorkload] 删除它和它的 Pod
    [ApplyManifests] 使它符合清单，或在其中更改编辑过的内容
    [RestoreObject] 使它恢复到以前的内容
    [DeleteObject] 删除它
    [PauseRollout] 对其 Pod 的更改将等到恢复发布后才生效
    [ResumeRollout] 等待中的 Pod 更改将开始生效
    [SetImage] 设置其中一个容器的镜像
    [SetEnvironment] 设置和移除其中一个容器的环境变量
    [SetResources] 设置和移除其中一个容器的资源请求和限制
    [SetLabels] 设置和移除它的标签
    [SetAnnotations] 设置和移除它的注解
    [SetConfigMapData] 设置和移除其数据的键
    [SetSecretData] 设置和移除值，任何事件中都没有这些值
   *[other] { $verb }
}

# What an operation does at a stage, until it says more.
QUEUED = 等待轮到它
QUEUED_BEHIND = 等待{ verb }结束
VALIDATING = 询问 API 服务器是否接受该清单
APPLYING = 正在应用清单
EDITING = 正在更改对象
SCALING = 正在更改副本数
RESTARTING = 正在请求新的 Pod
REMEMBERING = 正在读取之后启动要恢复的内容
STOPPING = 正在停止
STARTING = 正在启动
DELETING = 正在删除
CHANGING = 正在更改字段
AWAITING_CONTROLLER = 等待控制器看到更改
AWAITING_READY = 等待就绪
AWAITING_STOP = 等待停止
AWAITING_END = 等待消失
verb = { $verb ->
    [CreateWorkload] 之前请求的创建
    [ScaleWorkload] 之前请求的扩缩
    [RestartWorkload] 之前请求的重启
    [StopWorkload] 之前请求的停止
    [StartWorkload] 之前请求的启动
    [DeleteWorkload] 之前请求的删除
    [ApplyManifests] 之前请求的应用
    [RestoreObject] 之前请求的恢复
    [DeleteObject] 之前请求的删除
   *[other] 之前请求的“{ ACTION_LABEL }”
}

# What a call of an operation came to.
ACCEPTED = API 服务器接受它
APPLIED = 已应用
LEFT_TO_OTHERS = 已应用。以下字段仍归其管理者所有：{ $fields }
EFFECT_FOUND = 集群显示它已生效
NO_EFFECT = 集群显示它没有生效
DELETION_FOUND = 删除此前已经开始
GONE_ALREADY = 它此前已经消失
REPLICAS_REMEMBERED = 已记住 { $replicas } 个副本
NOTHING_TO_REMEMBER = 没有需要记住的内容
DELETION_ACCEPTED = 删除已开始
TRYING_AGAIN = { $seconds } 秒后重试
ANSWER_LOST = API 服务器的应答丢失，正在读取集群以确认是否生效
CLUSTER_RESTS = 集群没有应答，{ $seconds } 秒后再试

# What an operation waits for, with what ends it early.
WAITS_UNTIL = { $progress }。{ $early }
ENDS_WITH_CAUSE = 这一原因持续 { $seconds } 秒后，操作就会提前结束
ENDS_IF_CHANGED = 如果有人改动了它写入的内容，或出现等待无法消除的原因，操作会提前结束
ENDS_WHEN_GONE = 只有取消，或同一对象上有更新的操作取代它，操作才会提前结束

# How an operation ended.
SUCCEEDED = 完成
CANCELLED = 已取消
SUPERSEDED = 被较新的操作取代
TIMED_OUT = 时间已用完。最后的观察：{ $progress }
NOT_IN_TIME = 未能及时完成
ALREADY_THERE = { $kind } { $name } 已存在
NOT_THERE = { $kind } { $name } 已不存在
NEVER_OBSERVED = 请求时尚未观察到它：请重新请求
VALUES_GONE = 它的值已无法打开：请重新发送
NO_SUCH_CONTAINER = 它没有容器 { $container }。它的容器有 { $known }
CLUSTER_UNKNOWN = 此处没有配置集群 { $cluster }
CLUSTER_SILENT = 集群没有应答
CANCELLED_BY_REMOVAL = 已取消，因为集群已被移除
ABANDONED = 调用期间集群被移除，因此不再查看其结果
NOT_CHECKED = 集群没有说明是否会接受

# What the audit log says of an event.
REQUESTED_CREATE = 创建 { $object }
REQUESTED_SCALE = 将 { $object } 扩缩为 { $replicas } 个副本
REQUESTED_RESTART = 重启 { $object }
REQUESTED_STOP = 停止 { $object }
REQUESTED_START = 启动 { $object }
REQUESTED_DELETE = 删除 { $object }
REQUESTED_APPLY = 应用 { $object }
REQUESTED_EDIT = 编辑 { $object }
REQUESTED_RESTORE = 将 { $object } 恢复到位置 { $position } 时的内容
REQUESTED_IMAGE = 将 { $object } 的容器 { $container } 的镜像设为 { $image }
REQUESTED = { $verb ->
    [PauseRollout] 暂停 { $object } 的发布
    [ResumeRollout] 恢复 { $object } 的发布
    [SetEnvironment] 更改 { $object } 的一个容器的环境变量
    [SetResources] 更改 { $object } 的一个容器的资源
    [SetLabels] 更改 { $object } 的标签
    [SetAnnotations] 更改 { $object } 的注解
    [SetConfigMapData] 更改 { $object } 的数据
    [SetSecretData] 更改 { $object } 的值
   *[other] { $verb } { $object }
}
OPERATION_REQUESTED = { $who } 请求{ $request }
OPERATION_RETRIED = { $who } 再次请求{ $request }
OPERATION_STARTED = { $object } 的操作已开始
OPERATION_PROGRESSED = { $object }，{ $percent } %：{ $progress }
STAGE_SUCCEEDED = { $object }，{ $stage }：{ $outcome }
CANCEL_REQUESTED = { $who } 请求取消 { $object } 正在运行的操作
OUTCOME_UNKNOWN = 尚不清楚 { $object } 的 { $stage } 是否生效：{ $reason }
OUTCOME_RESOLVED = 读取集群后确认了 { $object } 的 { $stage }：{ $reason }
OPERATION_SUCCEEDED = { $object } 的操作已成功
OPERATION_FAILED = { $object } 的操作在 { $stage } 失败：{ $reason }
OPERATION_CANCELLED = { $who } 取消了 { $object } 的操作
OPERATION_SUPERSEDED = { $object } 的操作已结束，因为请求了较新的操作（{ $newer }）
OPERATION_ABANDONED = 在 { $stage } 期间，{ $object } 的集群被移除：结果保持未知
OPERATION_ENDED_BY_REMOVAL = { $object } 的操作已结束，因为集群已被移除
OPERATION_OVERTAKEN = { $object } 的操作被 { $manager } 抢先：{ $change }
BATCH_REQUESTED = { $who } 请求了一个 { $verb } 批次，包含 { $count } 个对象
BATCH_RETRIED = { $who } 再次请求批次中失败的部分，包含 { $count } 个对象
BATCH_MEMBERS_ADDED = 批次的一部分：{ $count ->
    [1] { $object }
   *[other] { $count } 个对象，第一个是 { $object }
}
BATCH_GROUP_STARTED = 批次开始处理 { $group } 组
BATCH_MEMBER_REFUSED = 批次无法请求对 { $object } 的操作：{ $reason }
BATCH_GROUP_ENDED = 批次的 { $group } 组已结束，失败 { $failed } 个
BATCH_MEMBERS_SKIPPED = 批次跳过了 { $count } 个对象，因为它们所需的对象失败了
BATCH_CANCEL_REQUESTED = { $who } 请求取消批次
BATCH_ENDED = 批次已结束
WORKLOAD_CHANGED = { $object } 由 { $managers } 写入{ $generation ->
    [0] {""}
   *[other] （第 { $generation } 代）
}
WORKLOAD_IS = { $object } { state }{ counts }
WORKLOAD_IS_BECAUSE = { $object } { state }{ counts }：{ $cause }
state = { $state ->
    [RUNNING] 正在运行
    [PROGRESSING] 正在推进
    [ROLLOUT_STUCK] 的发布已卡住
    [DEGRADED] 已降级
    [UNAVAILABLE] 不可用
    [FAILED] 已失败
    [PAUSED] 已暂停
    [STOPPED] 已停止
    [SUSPENDED] 已挂起
    [COMPLETED] 已完成
    [DELETING] 正在删除
    [UNKNOWN] 状态未知
   *[other] { $state }
}
counts = { $desired ->
    [none] {""}
   *[other] ，就绪 { $ready }/{ $desired }
}
POD_IS = { $object } 为 { $status }，容器就绪 { $ready }/{ $containers }
NAMESPACE_IS = { $object } 为 { $phase }
OBJECT_GONE = { $object } 已消失
OBJECT_RELEASED = 不再记录 { $object }，因为不再记录其类型
OBJECT_REPORTED = { $object } 上报的状态有变化
CLUSTER_REGISTERED = 集群 { $name } 已登记
CLUSTER_CONNECTED = { $who } 登记了集群 { $cluster }{ $server ->
    [none] ，即 Binnacle 所在的集群
   *[other] ，地址为 { $server }
}
CLUSTER_REMOVED = { $who } 移除了集群 { $cluster }
CLUSTER_WATCH_ENDED = 不再观察集群 { $cluster }
KIND_JUDGED = 在集群 { $cluster } 中发现 { $kind }，有 { $objects } 个对象：{ $recorded ->
    [true] 予以记录
   *[other] 数量过多，不予记录，只实时读取
}
KIND_RECORDED = { $who } 让集群 { $cluster } 的 { $kind } 予以记录
KIND_RELEASED = { $who } 让集群 { $cluster } 的 { $kind } 不再记录
CLUSTER_IDENTIFIED = 集群 { $name } 的 kube-system 命名空间的 uid 为 { $uid }
CLUSTER_RENAMED = 集群 { $cluster } 已改名为 { $name }
CLUSTER_ENVIRONMENT = 集群 { $name } 用作 { $environment ->
    [PRODUCTION] 生产环境
    [STAGING] 预发布环境
    [DEVELOPMENT] 开发环境
   *[other] { $environment }
}
CLUSTER_IS = 集群 { $name } { $state ->
    [CONNECTING] 正在连接
    [READY] 有应答
    [DEGRADED] 部分应答
    [UNREACHABLE] 没有应答
   *[other] 为 { $state }
}
USER_REGISTERED = 已创建账户 { $username }（{ $name }）
PASSWORD_CHANGED = { $who } 更改了一个账户的密码
SIGNED_IN = { $who } 已登录
SIGNED_OUT = { $who } 已退出
EVENT_QUARANTINED = { $who } 让 { $list } 跳过位置 { $position } 的事件：{ $reason }
MANIFEST_FORGOTTEN = 要创建的内容已被遗忘：请用清单重新创建
DATA_KEY_MADE = { $who } 生成了加密 { $scope } 中自由填写内容的密钥
DATA_KEY_WRAPPED = { $who } 用另一个封存密钥加密了 { $scope } 的密钥
SCOPE_FORGOTTEN = { $who } 使 { $scope } 中自由填写的内容被遗忘：{ $reason }
OBSERVATION_FORGOTTEN = { $object } 的观测内容已被遗忘
LOG_OPENED = { $who } 打开了 { $object }{ $container ->
    [none] {""}
   *[other] {" "}的容器 { $container }
} 的日志
SIGN_IN_REFUSED = 一次登录{ under }{ from }被拒绝：名称或密码有误
SIGN_IN_LIMITED = 一次登录{ under }{ from }被拒绝：尝试次数过多
under = { $name ->
    [none] {""}
   *[other] （未知名称 { $name }）
}
from = { $source ->
    [none] {""}
   *[other] （来自 { $source }）
}
REFRESH_TOKEN_REUSED = 一个会话已结束：它的旧刷新令牌再次来自 { $source }，说明有人复制了它
COMMAND_REFUSED = { $who } 被拒绝（{ $code }）：无权对 { $object } 执行：{ $action }
REPEATED = { $message }（{ $times } 次）

# Why a command is refused.
# A part of the two sentences about a secret.
PLAIN_SECRET = { $rule ->
    [named] 从名称可知的密钥
    [flag] 指定密钥的命令行参数的值
    [command] 命令行中的密码
    [assignment] 带有密码、令牌或密钥值的文本
    [address] 带有密码或令牌的地址
    [statement] 带有密码的语句
    [header] 带有凭据的请求头
    [registry] 镜像仓库的登录信息
    [data] Secret 的数据
    [encoded] 含有密钥的文本的 base64 编码
    [key] 以令牌为名的字段
   *[token] 已知格式的凭据（{ $shape }）
}
NO_SUCH_WORKLOAD = 没有这个工作负载，或它正在被删除
NOT_AN_IMAGE = 这不是镜像名称，或其中含有登录信息
NOT_A_VALUE = 这不是 Kubernetes 在此接受的值
NOTHING_TO_SET = 没有要设置或移除的内容
TOO_MUCH_TO_SET = 名称和值共 { $bytes } 字节，最多 { $most } 字节
OWN_ANNOTATION = 以 binnacle.io/ 开头的注解由 Binnacle 自己写入
NOT_A_KEY = 这不是 Kubernetes 在此接受的名称，或看起来像机密
NO_SUCH_OBJECT = 没有这样的对象，或者它正在被删除
NO_SUCH_OPERATION = 没有这个操作
KEY_USED = 该幂等键已用于另一条命令，或其内容此后已被清除：请为这条命令使用新的键
CHANGED_SINCE = 自版本 { $expected } 以来它已变更：请先查看版本 { $current }，再重新请求
QUEUE_FULL = 它还有 { $limit } 个未结束的操作：请等待其中一些结束，或取消它们
ENDED_ALREADY = 它已经结束
NAME_TAKEN = 同名的 { $kind } 已存在，或正在创建
NOT_A_COUNT = { $value } 不是 0 到 { $most } 之间的整数
NEGATIVE_REPLICAS = 副本数不能为负：0 会停止该工作负载
TOO_MANY_REPLICAS = { $replicas } 个副本超出集群的承受能力：最多 { $most } 个
STILL_BEING_CREATED = 它仍在创建中：请取消创建，或等它出现后再试
RETRY_SUPERSEDED = 较新的操作 { $newer } 已取代它，重试会撤销那个操作
RETRY_WITHOUT_VALUES = 它的值在结束时已被删除：请作为新操作重新发送
VALUES_CANNOT_WAIT = 该 Secret 的另一个操作尚未结束，而值不会保留到以后：请届时重新发送
RETRY_ERASED = 它要创建的内容已被清除：请用清单重新创建
RETRY_FAILS_AGAIN = 它因 { $code } 失败，重试也会同样失败
RETRY_SUCCEEDED = 它已成功，无需重试
RETRY_NOT_ENDED = 它尚未结束：请先取消，或等待
RETRY_TOO_OLD = 该操作时间过久，无法重试：请重新请求
NO_SUCH_BATCH = 没有这个批次
BATCH_EMPTY = 其中没有任何内容：请至少指定一个对象
BATCH_TOO_LARGE = { $count } 个对象超过了一个批次的上限 { $most }：请拆分
BATCH_REPEATS = { $object } 在其中出现了不止一次
NOT_A_WORKLOAD = { $kind } 不是工作负载
NO_SUCH_NAMESPACE = 集群 { $cluster } 中没有命名空间 { $namespace }：请先创建
SECRET_IN_REASON = 原因中含有{ $secret }，而日志会永久保留：请删去
MANIFEST_LINE = 第 { $line } 行：{ $message }
MANIFEST_TOO_LARGE = 清单有 { $bytes } 字节：最多 { $most } 字节
MANIFEST_HAS_NUL = 清单中含有 NUL 字符，Kubernetes 的任何字段都不接受
MANIFEST_UNREADABLE = 无法将清单解析为 YAML 或 JSON
MANIFEST_EMPTY = 清单为空
MANIFESTS_SEVERAL = 清单中有 { $count } 个文档（始于第 { $lines } 行）：请逐个发送
LIST_SEVERAL = List 中有 { $count } 个对象（始于第 { $lines } 行）：请逐个发送
MANIFEST_NO_OBJECT = 清单不是带有 apiVersion、kind、metadata 和 spec 的对象
LIST_EMPTY = List 为空
MANIFEST_NO_KIND = 清单没有 kind
KIND_NOT_SUPPORTED = 不支持 kind { $kind }；支持的有：{ $known }
VERSION_NOT_SUPPORTED = 不支持 { $kind } 的 apiVersion { $version }：请写 { $expected }
MANIFEST_NO_VERSION = 清单没有 apiVersion：{ $kind } 应为 { $expected }
NOT_A_NAME = { $value } 不是有效名称：只能用小写字母、数字、“-” 和 “.”，最多 253 个字符
NOT_A_LABEL_NAME = { $value } 不是有效名称：只能用小写字母、数字和 “-”，最多 63 个字符
MANIFEST_NO_NAME = 清单没有 metadata.name
GENERATE_NAME = 不支持 generateName，因为名称在对象创建之前就要记录：请改写 metadata.name，例如 { $example }
SECRET_IN_MANIFEST = 这是{ $secret }{ $more ->
    [0] {""}
   *[other] （另有 { $more } 处）
}，而日志会永久保留每份清单：请把值放入 Secret，并用 valueFrom.secretKeyRef 或卷引用
DOCUMENTS_TOO_MANY = 共有 { $count } 个文档：最多接受 { $most } 个
KIND_NOT_SERVED = 集群不提供版本 { $version } 的 { $kind }
SECRET_DOCUMENT = 文档中不接受 Secret 的值：请让 data 和 stringData 保持显示时的样子
BASE_UNKNOWN = 已无法得知版本 { $version } 时的内容：请重新打开，或发送您开始编辑时的内容
BASED_ON_ANOTHER = 该文档不是 { $id } 的文档：编辑不能更改类型、命名空间或名称
NOTHING_CHANGED = 该文档没有任何更改
MASK_ELSEWHERE = { $path } 处有一个被遮盖的值，而原来那里没有：遮盖表示“保持原样”，放在其他位置没有意义
FIELD_IS_FIXED = Kubernetes 不允许更改已存在的 { $kind } 的 { $path }。请删除它后重新应用该文档，或给文档换一个名称
FIELD_IS_IMMUTABLE = Kubernetes 不允许更改已存在的 { $kind } 的这个字段。请删除它后重新应用该文档，或给文档换一个名称
FIELDS_CONFLICT = { $count } 个字段在此期间被他人更改，或归他人所有
NO_SUCH_REVISION = 位置 { $position } 处没有它的清单

# 集群为何不能登记、移除或接受命令。
CLUSTER_NAME_NOT_CANONICAL = 集群名称由小写字母、数字、“-”和“.”组成，最多 63 个字符：请把 { $name } 写作 { $canonical }
CLUSTER_NAME_TAKEN = 已有名为 { $name } 的集群：请换一个名称，或先移除那个集群
CLUSTER_WAS_REMOVED = 集群 { $cluster } 已被移除
CLUSTER_OF_SETTINGS = 集群 { $cluster } 由网关的 KUBECONFIG 给出，或是网关所在的集群：请不再给出它，重新启动该网关，然后再移除
CLUSTER_TOO_OLD = 集群 { $cluster } 运行 Kubernetes { $version }，而命令需要 { $oldest } 或更新的版本：只显示其对象
KIND_UNKNOWN = 集群 { $cluster } 不提供 { $kind }：请从其类型列表中取 id
KIND_CANNOT_BE_WATCHED = 集群 { $cluster } 不允许列出并监视 { $kind }：其对象只能实时读取
KIND_ALWAYS_RECORDED = { $kind } 总是予以记录：工作负载、Pod 及其展示内容依赖于它
CREDENTIAL_MISSING = 请在 kubeconfig、token 和 inCluster 中恰好给出一个
CREDENTIAL_UNUSABLE = 无法用这些证书和密钥建立连接：请检查它们是否为 PEM 格式并且相互匹配
KUBECONFIG_TOO_LARGE = kubeconfig 过长，最多 { $most } 字节：请只保留一个上下文的集群和用户
KUBECONFIG_UNREADABLE = kubeconfig 无法作为 YAML 或 JSON 读取
KUBECONFIG_NO_CONTEXT = kubeconfig 中没有{ $context ->
    [none] 当前上下文：请设置 current-context
   *[other] 带有集群和用户的上下文 { $context }：请检查 current-context
}
KUBECONFIG_EXEC = 用户 { $user } 通过运行程序（exec）登录，Binnacle 不会这样做：请使用服务账号的令牌
KUBECONFIG_AUTH_PROVIDER = 用户通过 Binnacle 不认识的认证提供方 { $provider } 登录：请使用服务账号的令牌
KUBECONFIG_FILE = { $name } 指向一个 Binnacle 无法读取的文件：请直接写入其内容，例如使用 kubectl config view --flatten --minify
KUBECONFIG_INSECURE = kubeconfig 关闭了对服务器证书的检查（insecure-skip-tls-verify）：请改为给出证书颁发机构
KUBECONFIG_PROXY = kubeconfig 经由代理（proxy-url），不受支持：请给出 Binnacle 能够直接访问的地址
KUBECONFIG_PASSWORD = 用户以密码登录，Kubernetes 已不再接受：请使用服务账号的令牌
KUBECONFIG_IMPERSONATION = 用户以他人身份行事（as），不受支持：请使用那个账号的令牌
KUBECONFIG_NO_CREDENTIAL = 用户既没有令牌，也没有带密钥的客户端证书
ADDRESS_INVALID = 这不是 API 服务器的地址：请写 https://、名称或地址，可加端口，其中不含用户
ADDRESS_NOT_HTTPS = API 服务器的地址以 https:// 开头：不会发送任何未加密的内容
AUTHORITY_UNREADABLE = 证书颁发机构不是 PEM 格式的证书
NOT_IN_CLUSTER = Binnacle 不在集群内运行：请给出 kubeconfig 或令牌
TOO_MANY_NAMESPACES = 最多可以给出 { $most } 个命名空间：请改为授予凭据对整个集群的权限

# 集群检查的结果。
CHECK_CREDENTIALS = 给出的内容可以使用
CHECK_ADDRESS = { $host } 的地址为 { $addresses }
CHECK_ADDRESS_UNKNOWN = { $host } 没有地址：请检查名称，以及运行 Binnacle 的机器的域名服务器
CHECK_CONNECTED = { $address } 接受连接
CHECK_NOT_CONNECTED = { $address } 不接受连接：请检查端口以及沿途的防火墙
CHECK_TLS = 服务器的证书正确
CHECK_TLS_FAILED = 未能建立加密连接：请检查证书颁发机构是否属于此服务器，以及其证书是否包含此地址
CHECK_AUTHENTICATED = 服务器将此凭据识别为 { $user }
CHECK_NOT_AUTHENTICATED = 服务器不接受此凭据：请检查它是否属于此集群且没有过期
CHECK_RIGHTS = 此凭据可以读取 { $kinds }
CHECK_RIGHTS_MISSING = 此凭据不能读取 { $kinds }：列表中将缺少它们。请授予对它们的 list 和 watch
CHECK_RIGHTS_NONE = 此凭据不能读取 { $kinds } 中的任何一个：请授予对它们的 list 和 watch，或给出它可以读取的命名空间
CHECK_VERSION = 支持 Kubernetes { $version }
CHECK_VERSION_UNTESTED = Kubernetes { $version } 未与此版本的 Binnacle 一起测试，它知道的最新版本为 { $newest }
CHECK_VERSION_TOO_OLD = Kubernetes { $version } 早于 { $oldest }：会显示对象，但不接受命令
CHECK_CLOCK = 服务器的时钟与 Binnacle 的一致
CHECK_CLOCK_OFF = 服务器的时钟与 Binnacle 的相差 { $seconds } 秒：请用时间服务器校准两者
CHECK_CLOCK_UNKNOWN = 服务器没有告知其时间
CHECK_FAILED = 服务器的应答与预期不同
CHECK_TIMED_OUT = { $seconds } 秒内没有应答：请检查网络以及服务器的负载
CHECK_SKIPPED = 未执行，因为先前的步骤失败

# 因集群版本而关闭的功能。
COMMANDS_OFF = 命令已关闭：需要 Kubernetes { $oldest } 或更新的版本
