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
    "accounts.consent_given": "同意使用个人信息",
    "accounts.consent_withdrawn": "撤回同意",
    "accounts.audit_read": "查看审计日志",
    "accounts.audit_exported": "导出审计日志",
    "accounts.my_data_downloaded": "下载本人数据",
    "accounts.file_downloaded": "下载结果文件",
    "accounts.job_retried": "重新执行后台工作",
    "accounts.keys_rotated": "更换数据密钥",
}


@cache
def catalogue():
    """All acts of all installed apps: `{act: label}`."""
    found = {}
    for config in apps.get_app_configs():
        if config.module and module_has_submodule(config.module, "acts"):
            found |= import_module(f"{config.name}.acts").LABELS
    return found


def label(act):
    """The Chinese words for an act; an act of a removed app reads 其他操作."""
    return catalogue().get(act, "其他操作")
