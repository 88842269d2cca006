import java.io.File;
import java.util.List;

import org.semanticweb.owlapi.apibinding.OWLManager;
import org.semanticweb.owlapi.model.OWLOntology;
import org.semanticweb.owlapi.profiles.OWLProfileViolation;
import org.semanticweb.owlapi.profiles.Profiles;

/**
 * Tells which statements of an ontology lie outside OWL 2 DL and OWL 2 RL.
 *
 * <p>Run by check.py as {@code java -cp JARS Profile.java FILE}. Prints the number of axioms, then
 * one line per offender: the profile, a tab, what is wrong. Triples that are no OWL at all come as
 * {@code Unparsed triple} in the log that OWLAPI writes to standard error. Exits 0 even with
 * offenders: judging is left to the caller.
 */
public class Profile {
  public static void main(String[] args) throws Exception {
    OWLOntology ontology =
        OWLManager.createOWLOntologyManager().loadOntologyFromOntologyDocument(new File(args[0]));
    System.out.println("AXIOMS\t" + ontology.getAxiomCount());
    for (Profiles profile : List.of(Profiles.OWL2_DL, Profiles.OWL2_RL)) {
      for (OWLProfileViolation violation : profile.checkOntology(ontology).getViolations()) {
        System.out.println(profile + "\t" + violation.toString().replaceAll("\\s+", " "));
      }
    }
  }
}
