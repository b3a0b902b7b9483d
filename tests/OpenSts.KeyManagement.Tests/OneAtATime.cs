// A PKCS#11 library lists its tokens when it is initialised: a token made while another test holds the library open is
// not seen by the next test. Child processes also disturb each other's clocks. So these tests run one after the other.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
