// A PKCS#11 library lists its tokens when it is initialised: one made by another process while a test holds the library open is
// not seen by the next. Real processes also disturb each other's clocks. So these tests run one after the other.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
