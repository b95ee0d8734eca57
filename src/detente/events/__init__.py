"""What was done? Records of who did what to whom, and when: read from event data, kept in a folder, counted.

Only this room speaks SQL. A store is a folder of Parquet files that any other program opens without us.
"""
