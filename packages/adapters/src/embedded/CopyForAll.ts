/** Copies a tree so that every user can read and run it, whatever the umask was when it was installed, and it is on disk when done. */
import { chmod, constants, copyFile, mkdir, open, readdir, readlink, symlink } from "node:fs/promises"
import { join } from "node:path"

export const copyForAll = async (from: string, to: string): Promise<void> => {
  await mkdir(to, { recursive: true })
  await chmod(to, 0o755)
  await Promise.all(
    (await readdir(from, { withFileTypes: true })).map(async (entry) => {
      const [source, target] = [join(from, entry.name), join(to, entry.name)]
      if (entry.isDirectory()) await copyForAll(source, target)
      else if (entry.isSymbolicLink()) await symlink(await readlink(source), target)
      else if (!entry.name.endsWith(".a")) await copyOne(source, target) // static libraries are for building against
    })
  )
}

const copyOne = async (source: string, target: string) => {
  await copyFile(source, target, constants.COPYFILE_FICLONE)
  await chmod(target, 0o755)
  const file = await open(target, "r")
  await file.sync().finally(() => file.close())
}
