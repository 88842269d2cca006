# title: Direct links that follow from codings
# description: Empties graph:derived and fills it again, so that it can be run at any time and gives the same result each time.
#
# From codings: the property of the dimension and pm:hasMapValue for every value found present;
# pm:contested for such a value when another coding denies the value, a broader one, or all values
# of the dimension. From programmes: pm:usesLabel and pm:hasSiloValue.
# Which property belongs to a dimension or an axis is read from pm:property, so that a new one
# needs no change here. What a coding leaves open is left open.
#
# Every pattern is asked twice, of the default graph and of each named graph, so that it matters
# neither where data stand nor whether the default graph is the union of all.
PREFIX graph: <https://w3id.org/peermap/graph/>
PREFIX pm: <https://w3id.org/peermap/ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

CLEAR SILENT GRAPH graph:derived ;

# Values found present
INSERT { GRAPH graph:derived { ?programme pm:hasMapValue ?value } }
WHERE {
  { ?coding pm:finding pm:Present ; pm:codingOf ?programme ; pm:codedValue ?value }
  UNION { GRAPH ?g { ?coding pm:finding pm:Present ; pm:codingOf ?programme ; pm:codedValue ?value } }
} ;

# The same, by the property of the dimension
INSERT { GRAPH graph:derived { ?programme ?property ?value } }
WHERE {
  { SELECT DISTINCT ?programme ?dimension ?value WHERE {
    { ?coding pm:finding pm:Present ; pm:codingOf ?programme ; pm:onDimension ?dimension ; pm:codedValue ?value }
    UNION { GRAPH ?g { ?coding pm:finding pm:Present ; pm:codingOf ?programme ; pm:onDimension ?dimension ; pm:codedValue ?value } }
  } }
  { SELECT DISTINCT ?dimension ?property WHERE {
    { ?dimension a pm:Dimension ; pm:property ?property }
    UNION { GRAPH ?h { ?dimension a pm:Dimension ; pm:property ?property } }
  } }
} ;

# Contested: the value itself is denied
INSERT { GRAPH graph:derived { ?programme pm:contested ?value } }
WHERE {
  GRAPH graph:derived { ?programme pm:hasMapValue ?value }
  { SELECT DISTINCT ?programme ?value WHERE {
    { ?denial pm:finding pm:Absent ; pm:codingOf ?programme ; pm:codedValue ?value }
    UNION { GRAPH ?g { ?denial pm:finding pm:Absent ; pm:codingOf ?programme ; pm:codedValue ?value } }
  } }
} ;

# Contested: a broader value is denied
INSERT { GRAPH graph:derived { ?programme pm:contested ?value } }
WHERE {
  GRAPH graph:derived { ?programme pm:hasMapValue ?value }
  { SELECT DISTINCT ?value ?denied WHERE {
    { ?value skos:broader+ ?denied }
    UNION { GRAPH ?h { ?value skos:broader+ ?denied } }
  } }
  { SELECT DISTINCT ?programme ?denied WHERE {
    { ?denial pm:finding pm:Absent ; pm:codingOf ?programme ; pm:codedValue ?denied }
    UNION { GRAPH ?g { ?denial pm:finding pm:Absent ; pm:codingOf ?programme ; pm:codedValue ?denied } }
  } }
} ;

# Contested: all values of the dimension are denied
INSERT { GRAPH graph:derived { ?programme pm:contested ?value } }
WHERE {
  { SELECT DISTINCT ?programme ?dimension ?value WHERE {
    { ?coding pm:finding pm:Present ; pm:codingOf ?programme ; pm:onDimension ?dimension ; pm:codedValue ?value }
    UNION { GRAPH ?g { ?coding pm:finding pm:Present ; pm:codingOf ?programme ; pm:onDimension ?dimension ; pm:codedValue ?value } }
  } }
  { SELECT DISTINCT ?programme ?dimension WHERE {
    { ?denial pm:finding pm:Absent ; pm:codingOf ?programme ; pm:onDimension ?dimension
      FILTER NOT EXISTS { ?denial pm:codedValue ?denied } }
    UNION { GRAPH ?h { ?denial pm:finding pm:Absent ; pm:codingOf ?programme ; pm:onDimension ?dimension
      FILTER NOT EXISTS { ?denial pm:codedValue ?denied } } }
  } }
} ;

# Labels of peers
INSERT { GRAPH graph:derived { ?programme pm:usesLabel ?label } }
WHERE {
  { ?programme pm:engages ?peer . ?peer pm:calledBy ?label }
  UNION { GRAPH ?g { ?programme pm:engages ?peer . ?peer pm:calledBy ?label } }
} ;

# Silo values
INSERT { GRAPH graph:derived { ?programme pm:hasSiloValue ?value } }
WHERE {
  { SELECT DISTINCT ?property WHERE {
    { ?axis a pm:SiloAxis ; pm:property ?property }
    UNION { GRAPH ?h { ?axis a pm:SiloAxis ; pm:property ?property } }
  } }
  { SELECT ?programme ?property ?value WHERE {
    { ?programme a pm:Programme ; ?property ?value }
    UNION { GRAPH ?g { ?programme a pm:Programme ; ?property ?value } }
  } }
}
