/** In the place of Tor and of the TLS front: another user, on a port, before the relay's socket. `front.ts PORT SOCKET` */
import { connect, createServer } from "node:net"

const [port, socket = ""] = process.argv.slice(2)
createServer((visitor) => {
  const relay = connect(socket)
  visitor.pipe(relay).pipe(visitor)
  visitor.on("error", () => relay.destroy())
  relay.on("error", () => visitor.destroy())
}).listen(Number(port), "127.0.0.1")
