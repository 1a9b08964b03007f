// Never answers.
setInterval(() => undefined, 1000)
