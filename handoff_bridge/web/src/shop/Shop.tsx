import type { Brand } from "../shared/brand";
import type { Goods, Passage, Pledge, ShopPage } from "../shared/contract";
import { LogoIcon, ReturnIcon, ShieldIcon, TruckIcon } from "../shared/icons";
import { ThemeSwitch } from "../shared/ThemeSwitch";

const ICONS = { delivery: TruckIcon, return: ReturnIcon, safety: ShieldIcon };

/** The demo shop: a place for the chat. All that it says and shows is the brand's. */
export function Shop({ brand }: { brand: Brand }) {
  const page = brand.shop_page;
  return (
    <>
      <Header company={brand.company} page={page} />
      <main id="content" tabIndex={-1}>
        <Hero {...(page?.hero ?? { title: brand.company, text: `Ask ${brand.assistant} in the chat.` })} />
        {page?.pledges?.length ? <Pledges pledges={page.pledges} /> : null}
        {page?.goods && <Products {...page.goods} />}
        {page?.story && <Story {...page.story} />}
      </main>
      {page?.policies?.length || page?.imprint ? <Footer {...page} /> : null}
    </>
  );
}

function Header({ company, page }: { company: string; page: ShopPage | undefined }) {
  return (
    <header class="shop-header">
      <a class="skip-link" href={page?.goods ? "#goods" : "#content"}>
        Skip to {page?.goods ? page.goods.link.toLowerCase() : "the content"}
      </a>
      <div class="wrap shop-header-row">
        <a class="brand" href="/">
          <LogoIcon />
          {company}
        </a>
        <nav class="shop-nav" aria-label={company}>
          {page?.goods && <a href="#goods">{page.goods.link}</a>}
          {page?.story?.link && <a href="#story">{page.story.link}</a>}
          {page?.policies_link && <a href="#policies">{page.policies_link}</a>}
        </nav>
        <ThemeSwitch />
      </div>
    </header>
  );
}

function Hero({ eyebrow, title, text, link, picture }: Passage) {
  return (
    <section class="hero" aria-labelledby="hero-title">
      {picture && <img class="scene" src={picture} alt="" />}
      <div class="wrap">
        <div class="hero-card">
          {eyebrow && <p class="eyebrow">{eyebrow}</p>}
          <h1 id="hero-title">{title}</h1>
          <p>{text}</p>
          {link && (
            <a class="button button-primary" href="#goods">
              {link}
            </a>
          )}
        </div>
      </div>
    </section>
  );
}

function Pledges({ pledges }: { pledges: Pledge[] }) {
  return (
    <section class="wrap" aria-label="Our promises">
      <ul class="promises">
        {pledges.map(({ icon, title, text }) => {
          const Icon = ICONS[icon];
          return (
            <li key={title}>
              <Icon />
              <div>
                <h2>{title}</h2>
                <p>{text}</p>
              </div>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Products({ title, text, items }: Goods) {
  return (
    <section class="wrap goods" id="goods" aria-labelledby="goods-title" tabIndex={-1}>
      <div class="goods-head">
        <h2 id="goods-title">{title}</h2>
        <p>{text}</p>
      </div>
      <ul class="goods-grid">
        {items.map(({ name, about, price, picture }) => (
          <li key={name} class="product">
            <div class="product-picture">{picture && <img src={picture} alt="" />}</div>
            <h3>{name}</h3>
            <p class="product-about">{about}</p>
            <p class="product-price">{price}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Story({ eyebrow, title, text, picture }: Passage) {
  return (
    <section class="wrap" id="story" aria-labelledby="story-title">
      <div class="story">
        <div>
          {eyebrow && <p class="eyebrow">{eyebrow}</p>}
          <h2 id="story-title">{title}</h2>
          <p>{text}</p>
        </div>
        {picture && <img src={picture} alt="" />}
      </div>
    </section>
  );
}

function Footer({ policies, imprint }: ShopPage) {
  return (
    <footer class="shop-footer" id="policies">
      <div class="wrap">
        <div class="policies">
          {policies?.map(({ title, text }) => (
            <section key={title} aria-label={title}>
              <h2>{title}</h2>
              <p>{text}</p>
            </section>
          ))}
        </div>
        {imprint && <p class="imprint">{imprint}</p>}
      </div>
    </footer>
  );
}
