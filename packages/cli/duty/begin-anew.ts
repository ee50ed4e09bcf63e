/**
 * A duty whose week's keys have changed begins anew (rule U17): the same process id, and none of the memory in which keys of weeks that are over
 * have stood. It is handed nothing: what it needs it reads from its folder, as when somebody starts it.
 */
import { replaceProcess } from "@kunak/duty/replace-process"

/** That there was a process before, no more: others of this user can read a process's environment. */
const VARIABLE = "KUNAK_DUTY_BEFORE"

/** Does not return. The duty has ended. */
export const beginAnew = (): void => replaceProcess(VARIABLE, "yes")

/** Whether a process of this duty was here before. Forgets it for the programs it starts. */
export function takeBegunAnew(environment: NodeJS.ProcessEnv): boolean {
  const isAnew = environment[VARIABLE] !== undefined
  delete environment[VARIABLE]
  return isAnew
}
