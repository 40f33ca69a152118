import { PineIcon, ReturnIcon, ShieldIcon, TruckIcon } from "../shared/icons";
import { ThemeSwitch } from "../shared/ThemeSwitch";
import { HarbourScene } from "./HarbourScene";
import { MendedTent } from "./illustrations";
import { Products } from "./Products";

export function Shop() {
  return (
    <>
      <Header />
      <main>
        <Hero />
        <Promises />
        <Products />
        <Mending />
      </main>
      <Footer />
    </>
  );
}

function Header() {
  return (
    <header class="shop-header">
      <a class="skip-link" href="#goods">
        Skip to the goods
      </a>
      <div class="wrap shop-header-row">
        <a class="brand" href="/">
          <PineIcon />
          Harbour &amp; Pine
        </a>
        <nav class="shop-nav" aria-label="Shop">
          <a href="#goods">Goods</a>
          <a href="#mending">Mending</a>
          <a href="#policies">Delivery and returns</a>
        </nav>
        <ThemeSwitch />
      </div>
    </header>
  );
}

function Hero() {
  return (
    <section class="hero" aria-labelledby="hero-title">
      <HarbourScene />
      <div class="wrap">
        <div class="hero-card">
          <p class="eyebrow">Autumn, by the water</p>
          <h1 id="hero-title">Made for the last boat out and the long walk back.</h1>
          <p>
            Tents, packs and camp kitchen from a small workshop on the quay. Everything can be mended, by you
            or by us.
          </p>
          <a class="button button-primary" href="#goods">
            See the goods
          </a>
        </div>
      </div>
    </section>
  );
}

function Promises() {
  return (
    <section class="wrap" aria-label="Our promises">
      <ul class="promises">
        <li>
          <TruckIcon />
          <div>
            <h2>With you in 3 to 5 working days</h2>
            <p>You can follow the parcel all the way.</p>
          </div>
        </li>
        <li>
          <ReturnIcon />
          <div>
            <h2>30 days to change your mind</h2>
            <p>Unworn and with its tags. The label is free.</p>
          </div>
        </li>
        <li>
          <ShieldIcon />
          <div>
            <h2>Damaged? We put it right</h2>
            <p>Send a photo in the chat and we start from there.</p>
          </div>
        </li>
      </ul>
    </section>
  );
}

function Mending() {
  return (
    <section class="wrap" id="mending" aria-labelledby="mending-title">
      <div class="mending">
        <div>
          <p class="eyebrow">The workshop</p>
          <h2 id="mending-title">A torn tent is not a lost tent</h2>
          <p>
            Zips, seams, poles and soles: our workshop on the quay mends what we have sold, whatever its age.
            Ask Pine in the chat, day or night. Pine is automated, and brings in a colleague whenever you
            like.
          </p>
        </div>
        <MendedTent />
      </div>
    </section>
  );
}

function Footer() {
  return (
    <footer class="shop-footer" id="policies">
      <div class="wrap">
        <div class="policies">
          <section aria-labelledby="delivery-title">
            <h2 id="delivery-title">Delivery</h2>
            <p>
              Standard delivery takes 3 to 5 working days. A link to follow the parcel comes by mail when it
              leaves us.
            </p>
          </section>
          <section aria-labelledby="returns-title">
            <h2 id="returns-title">Returns</h2>
            <p>
              30 days from delivery, unworn and with tags. Damaged things in any state. The label is on us.
            </p>
          </section>
          <section aria-labelledby="refunds-title">
            <h2 id="refunds-title">Refunds</h2>
            <p>The way you paid, about 5 days after the parcel is back with us.</p>
          </section>
          <section aria-labelledby="people-title">
            <h2 id="people-title">People</h2>
            <p>Pine answers day and night. Our team: Monday to Saturday, 9:00 to 18:00 UTC.</p>
          </section>
        </div>
        <p class="imprint">
          Harbour &amp; Pine is a made-up shop. Nothing here can be bought, but the chat is real.
        </p>
      </div>
    </footer>
  );
}
