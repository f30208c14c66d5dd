"""What hangs on people, departments and ideas, row by row, as an export has it (docs/import.md).

The other files hold what a company writes by hand or brings from elsewhere. What is left is told
here as rows of tables, each with the names that those files give to people, departments, ideas and
comments instead of numbers.
"""
