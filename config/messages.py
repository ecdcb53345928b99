"""What set-up and start say to the person at the terminal: Chinese first, then English, one line each."""

LINES = {
    "python": "需要 Python 3.11，当前为 {found}。/ Python 3.11 is needed, this is {found}.",
    "venv": (
        "无法创建虚拟环境（Debian 请安装 python3-venv）。"
        "/ Cannot make a virtual environment (on Debian install python3-venv)."
    ),
    "install": (
        "安装依赖失败，请检查网络和软件源后重试。{reason}"
        "/ Installing requirements failed; check the network and try again."
    ),
    "step": "执行“{step}”失败：{reason} / Step {step} failed.",
    "settings": "配置有误：{reason} / Bad settings.",
    "unsafe": "拒绝启动：{problems}。/ Refusing to start: unsafe for production.",
    "keys": (
        "拒绝启动：{problems}。"
        "/ Refusing to start: an encryption key (DATA_KEYS, INDEX_KEY) is missing or is not that of the database."
    ),
    "var": "目录 {path} 不可写。/ The folder {path} is not writable.",
    "port": "端口 {port} 已被占用，可用 PORT=其他端口 重试。/ Port {port} is taken; try PORT=another.",
    "port_bad": "PORT 应为 1 至 65535 的整数，当前为“{port}”。/ PORT must be a number from 1 to 65535.",
    "database": "无法连接数据库（DATABASE_URL）：{reason} / Cannot connect to the database of DATABASE_URL.",
    "redis": "无法连接 REDIS_URL 指定的 Redis。/ Cannot connect to the Redis of REDIS_URL.",
    "npm": (
        "未找到 npm：页面将以简单样式显示，图表以表格代替。安装 Node.js 20 后重新运行即可。"
        "/ npm not found: plain styles, tables instead of charts. Install Node.js 20 and run again."
    ),
    "npm_failed": (
        "前端资源安装失败：页面将以简单样式显示，图表以表格代替。"
        "/ Installing front-end assets failed: plain styles, tables instead of charts."
    ),
    "installing": "安装依赖 {lock} …… / Installing {lock} …",
    "assets": "安装前端资源 …… / Installing front-end assets …",
    "data": "准备数据 …… / Preparing data …",
    "died": "进程 {name} 意外退出（{code}），正在停止。/ {name} ended unexpectedly ({code}); stopping.",
    "stopping": "正在停止 …… / Stopping …",
    "stopped": "已停止。/ Stopped.",
    "reset_ask": "将删除 {path} 中的数据库、上传文件和队列，输入 yes 确认 / type yes to delete:",
    "reset_kept": "未作改动。/ Nothing changed.",
    "reset_done": "已清空。/ Done.",
    "running": "请先停止正在运行的服务。/ Stop the running portal first.",
}


def line(key, **values):
    """Return the message with its values filled in, on one line."""
    return " ".join(LINES[key].format(**values).split())
