"""What does a bargaining result look like? One module per figure: a result into a chart and its table."""
