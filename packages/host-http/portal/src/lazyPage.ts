import { lazyRouteComponent } from "@tanstack/react-router"
import { connection, isReady } from "./api/connection.ts"

/**
 * A page whose code is loaded when it is first opened. While the host is away it waits for that, and the old page stays.
 * What then fails all the same, since browsers may remember a failure or the build is another, the router loads anew.
 */
export const lazyPage: typeof lazyRouteComponent = (load, name) =>
  lazyRouteComponent(async () => {
    try {
      return await load()
    } catch (error) {
      if (await isReady()) throw error
      connection.lost()
      await connection.untilFound()
      return load()
    }
  }, name)
