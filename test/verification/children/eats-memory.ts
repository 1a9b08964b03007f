const eaten: string[][] = []
for (;;) eaten.push(Array.from({ length: 100_000 }, (_, place) => `${eaten.length} ${place}`))
