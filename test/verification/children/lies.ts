process.stdout.write('{"outcome":"valid","why":""}')
