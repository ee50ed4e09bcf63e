/** The second script: the exchange with both relays. It begins as soon as this has come, the same for everybody. */
import { runExchange } from "../hotline/exchange.ts"
import { opened } from "./opened.ts"

void opened.then(({ core }) => runExchange(core))
