"""Every act that the audit trail can hold, with the words an auditor reads.

Each app lists its own acts in a module of this name as `LABELS`; a test finds acts without a label.
"""

from functools import cache
from importlib import import_module

from django.apps import apps
from django.utils.module_loading import module_has_submodule

LABELS = {
    "accounts.signed_in": "登录",
    "accounts.sign_in_refused": "登录未通过",
    "accounts.signed_out": "退出登录",
    "accounts.locked": "多次输错后锁定",
    "accounts.unlocked": "解除锁定",
    "accounts.signed_up": "注册账号",
    "accounts.code_sent": "发送登录验证码",
    "accounts.password_changed": "修改密码",
    "accounts.password_reset": "重置密码",
    "accounts.phone_changed": "更换手机号",
    "accounts.staff_created": "新建工作人员账号",
    "accounts.staff_changed": "修改工作人员账号",
    "accounts.staff_disabled": "停用账号",
    "accounts.staff_enabled": "启用账号",
    "accounts.granted": "授权账号生效",
    "accounts.grant_ended": "收回账号授权",
    "accounts.admin_role_granted": "授予管理员角色",
    "accounts.admin_role_ended": "收回管理员角色",
    "accounts.sessions_ended": "退出其他登录",
    "accounts.consent_given": "同意使用个人信息",
    "accounts.consent_withdrawn": "撤回同意",
    "accounts.audit_read": "查看审计日志",
    "accounts.audit_exported": "导出审计日志",
    "accounts.my_data_downloaded": "下载本人数据",
    "accounts.file_downloaded": "下载结果文件",
    "accounts.job_retried": "重新执行后台工作",
    "accounts.keys_rotated": "更换数据密钥",
}

DETAILS = {
    "reason": "原因",
    "conditions": "筛选条件",
    "page": "页码",
    "kind": "类别",
    "purpose": "用途",
    "since": "从哪天",
    "until": "到哪天",
    "actor": "操作人",
    "act": "操作",
    "outcome": "结果",
    "target": "对象",
    "fields": "项目",
    "before": "修改前",
    "after": "修改后",
    "count": "数量",
    "rows": "行数",
    "model": "数据表",
    "note": "说明",
    "state": "状态",
    "role": "岗位",
    "station": "站点",
    "heads": "人数",
    "code": "编号",
    "month": "月份",
    "version": "版本",
    "name": "名称",
    "file_name": "文件名",
}


@cache
def catalogue():
    """All acts of all installed apps: `{act: label}`."""
    return _gathered("LABELS")


def label(act):
    """The Chinese words for an act; an act of a removed app reads 其他操作."""
    return catalogue().get(act, "其他操作")


def detail_words(detail):
    """An entry's detail as (label, text) pairs, flat; names of keys come from each app's DETAILS."""
    names = _details()
    return [
        (names.get(key, "内容"), text) for key, text in _flat(detail) if text not in ("", "None")
    ]


@cache
def _details():
    return _gathered("DETAILS")


def _gathered(name):
    found = {}
    for config in apps.get_app_configs():
        if config.module and module_has_submodule(config.module, "acts"):
            found |= getattr(import_module(f"{config.name}.acts"), name, {})
    return found


def _flat(value, key=""):
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _flat(item, name)
    elif isinstance(value, list):
        yield key, "、".join(str(item) for item in value)
    elif isinstance(value, bool):
        yield key, "是" if value else "否"
    else:
        yield key, catalogue().get(str(value), str(value))
