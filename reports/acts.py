"""Words for the acts of the month in the audit trail."""

LABELS = {
    "reports.period_opened": "开启月报",
    "reports.period_closed": "关闭月报",
    "reports.return_saved": "保存月报",
    "reports.return_uploaded": "用表格填写月报",
    "reports.return_refreshed": "刷新月报系统数",
    "reports.return_filed": "上报月报",
    "reports.return_sent_back": "退回月报",
    "reports.return_accepted": "审核通过月报",
    "reports.report_made": "生成综合报告",
}
