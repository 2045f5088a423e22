import type { PrismaClient } from '#prisma/generated/client/client.ts';

/**
 * A client that answers for one area: each query runs in a transaction of its own in which row-level security shows
 * the people of that area and of those below it. Without an area nobody is shown.
 */
export function scopedToArea(prisma: PrismaClient, areaCode: string | null): PrismaClient {
  if (areaCode === null) return prisma;
  const scoped = prisma.$extends({
    query: {
      async $allOperations({ args, query }) {
        const [, result] = await prisma.$transaction([
          prisma.$executeRaw`SELECT set_config('kepling.area', ${areaCode}, true)`,
          // Prisma gives a lazy promise here, which a batch transaction takes; its type does not say so.
          query(args) as ReturnType<typeof prisma.$executeRaw>,
        ]);
        return result;
      },
    },
  });
  return scoped as unknown as PrismaClient;
}
