process.stdout.write('{"outcome":"good","why":""}')
process.exitCode = 1
