<rss version="2.0"><channel/></rss>
