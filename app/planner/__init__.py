"""The target planner: what is lacking to a target, the pace it needs, the cost, the workbook."""
