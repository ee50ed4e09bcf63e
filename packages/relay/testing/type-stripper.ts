/**
 * Import this in tests that start threads. Node strips types by WebAssembly that all threads of a process share; with V8
 * of Node 24 the process may crash (SIGSEGV in `WasmEngine::FreeDeadCode`) when the last thread that has it ends
 * and another begins. A relay's main thread has it for life, since it runs its sources directly; vitest's has not, since
 * vitest translates them by itself. So it is loaded here once.
 */
import { stripTypeScriptTypes } from "node:module"

stripTypeScriptTypes("")
