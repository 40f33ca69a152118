/** In place of the client library's WebTransport, which the bridge does not speak: a kilobyte less to load. */
export class WT {}
