<?xml version="1.0" encoding="UTF-8"?>
<ex:FeatureCollection xmlns:ex="http://example.jp/ex" xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://example.jp/ex http://tiles.example/ex.xsd">
<ex:featureMember><ex:Park gml:id="p1"><ex:名称>中央公園（見本）</ex:名称><ex:geom><gml:Point srsName="http://www.opengis.net/def/crs/EPSG/0/6668" gml:id="g1"><gml:pos>35.5 139.5</gml:pos></gml:Point></ex:geom></ex:Park></ex:featureMember>
<ex:featureMember><ex:Park gml:id="p2"><ex:名称>丘の公園（見本）</ex:名称><ex:geom><gml:Point srsName="http://www.opengis.net/def/crs/EPSG/0/6668" gml:id="g2"><gml:pos>139.6 35.6</gml:pos></gml:Point></ex:geom></ex:Park></ex:featureMember>
</ex:FeatureCollection>
