"""The year's plan: demand of employers, versions of the plan, wishes of the people."""
