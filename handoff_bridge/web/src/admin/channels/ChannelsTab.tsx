import { Button } from "../../shared/Button";
import { NotReady } from "../NotReady";
import type { TabProps } from "../tabProps";
import { useLoaded } from "../useLoaded";
import { fetchChannels } from "./api";
import { ChannelCard } from "./ChannelCard";
import "./channels.css";

/** From where customers write, beside the web chat, and whether it works. */
export function ChannelsTab({ onExpire }: TabProps) {
  const { loaded, refresh } = useLoaded(fetchChannels, onExpire);
  const channels = loaded.state === "ready" ? loaded.value : [];
  return (
    <div class="stack-wide">
      <header class="section-head">
        <h2>Channels</h2>
        {channels.length > 0 && <Button onClick={refresh}>Refresh</Button>}
      </header>
      <p class="soft">
        Where customers write from, beside the chat on your site. Channels are set up by whoever runs this
        server.
      </p>
      <NotReady loaded={loaded} what="channels" refresh={refresh} />
      {loaded.state === "ready" && channels.length === 0 && (
        <div class="panel">
          <p>
            <strong>Customers reach you in the web chat alone.</strong>
          </p>
          <p>
            To add a messenger, give this server the platform's credentials in its settings and restart it:{" "}
            <code>docs/channels.md</code> says which, step by step. The channel then appears here, with the
            address to enter at the platform.
          </p>
        </div>
      )}
      {channels.map((one) => (
        <ChannelCard key={one.name} channel={one} onChanged={refresh} />
      ))}
    </div>
  );
}
