"""What people see: pages made on the server, which work without a script and are quicker with one."""
