/** A duty's folder made of a backup. It has no term: relay A gives it one that nobody has had (rule U5). */
import { join, resolve } from "node:path"
import { readDutyBackup } from "@kunak/duty/backup"
import type { Backup } from "./backup-file.ts"
import { damaged } from "./sentences.ts"
import { makeFolder, makeWhole, putFile, requireFree } from "./whole-file.ts"

export async function putBackDuty({ content }: Backup, to: string): Promise<void> {
  const backup = await readDutyBackup(content)
  if (!backup) throw damaged()
  const target = resolve(to)
  requireFree(target)
  await makeWhole(target, async (part) => {
    await makeFolder(part)
    await putFile(join(part, "enrolment.json"), backup.enrolment)
    await putFile(join(part, "memory.json"), backup.memory)
  })
}
