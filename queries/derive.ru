# title: Direct links that follow from codings
# description: Empties graph:derived and fills it again, so that it can be run at any time and gives the same result each time.
#
# From codings: the property of the dimension and pm:hasMapValue for every value found present;
# pm:contested for such a value when another coding denies the value, a broader one, or all values
# of the dimension. From programmes: pm:usesLabel and pm:hasSiloValue.
# Which property belongs to a dimension or an axis is read from pm:property, so that a new one
# needs no change here. What a coding leaves open is left open.
# The default graph must be the union of all graphs, as it is in this program; elsewhere, load all
# data into the default graph.
PREFIX graph: <https://w3id.org/peermap/graph/>
PREFIX pm: <https://w3id.org/peermap/ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

CLEAR SILENT GRAPH graph:derived ;

INSERT { GRAPH graph:derived { ?programme ?property ?value ; pm:hasMapValue ?coded } }
WHERE {
  {
    ?coding pm:codedValue ?value ; pm:codingOf ?programme ; pm:finding pm:Present ; pm:onDimension/pm:property ?property .
    BIND (?value AS ?coded)
  } UNION {
    ?denial pm:codedValue ?denied ; pm:finding pm:Absent ; pm:codingOf ?programme .
    ?coding pm:codingOf ?programme ; pm:codedValue ?value ; pm:finding pm:Present .
    ?value skos:broader* ?denied .
    BIND (pm:contested AS ?property)
  } UNION {
    ?denial pm:onDimension ?dimension ; pm:finding pm:Absent ; pm:codingOf ?programme .
    FILTER NOT EXISTS { ?denial pm:codedValue ?denied }
    ?coding pm:codingOf ?programme ; pm:onDimension ?dimension ; pm:codedValue ?value ; pm:finding pm:Present .
    BIND (pm:contested AS ?property)
  } UNION {
    ?programme pm:engages/pm:calledBy ?value .
    BIND (pm:usesLabel AS ?property)
  } UNION {
    ?axis a pm:SiloAxis ; pm:property ?stated .
    ?programme ?stated ?value .
    BIND (pm:hasSiloValue AS ?property)
  }
}
