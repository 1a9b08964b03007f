process.stdout.write(`{"outcome":"good","why":"${'x'.repeat(100_000)}"}`)
