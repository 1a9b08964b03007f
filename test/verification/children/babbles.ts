process.stdout.write('good')
