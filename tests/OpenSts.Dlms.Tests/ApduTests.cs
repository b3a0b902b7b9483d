using OpenSts.Dlms.Acse;
using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Values;
using OpenSts.Dlms.Wire;

namespace OpenSts.Dlms.Tests;

public class ApduTests
{
    // Association requests as published examples and meters in the field have them.
    [Theory]
    [InlineData("lowest", "601DA109060760857405080101BE10040E01000000065F1F0400007E1F04B0",
        ApplicationContext.LogicalNames, null, "")]
    [InlineData(
        "password 12345678",
            "6036A1090607608574050801018A0207808B0760857405080201AC0A80083132333435363738BE10040E01000000065F1F0400007E1F04B0",
        ApplicationContext.LogicalNames, AuthenticationMechanism.Password, "3132333435363738")]
    public void AssociationRequest_Published_IsReadAndWritten(string description, string hex,
        ApplicationContext context, AuthenticationMechanism? mechanism, string value)
    {
        var request = AssociationRequest.TryRead(Convert.FromHexString(hex));
        Assert.True(request is not null, description);
        Assert.Equal((context, mechanism, value),
            (request.Context, request.Mechanism, Convert.ToHexString(request.AuthenticationValue)));
        var initiate = InitiateRequest.TryRead(request.UserInformation)!;
        Assert.Equal((0x007E1F, (ushort)0x04B0), ((int)initiate.Conformance, initiate.MaximumPdu));
        var writer = new WireWriter();
        request.Write(writer);
        Assert.Equal(hex, Convert.ToHexString(writer.Written));
        Assert.DoesNotContain("3132", request.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void AssociationResponse_Published_IsReadAndWritten()
    {
        const string Hex = "6129A109060760857405080101A203020100A305A103020100BE10040E0800065F1F040000501F01F40007";
        var response = AssociationResponse.TryRead(Convert.FromHexString(Hex))!;
        Assert.Equal((AssociationResult.Accepted, AssociationDiagnostic.None), (response.Result, response.Diagnostic));
        var initiate = InitiateResponse.TryRead(response.UserInformation)!;
        Assert.Equal((0x00501F, (ushort)500), ((int)initiate.Conformance, initiate.MaximumPdu));
        var writer = new WireWriter();
        response.Write(writer);
        Assert.Equal(Hex, Convert.ToHexString(writer.Written));
    }

    [Theory]
    [InlineData("GET", "C001810001 00002A0000FF 02 00")]
    [InlineData("GET with selection", "C001C10007 0000631100FF 02 01 02 0204 0600000001 0600000002 120001 120000")]
    [InlineData("GET next", "C00281 000000FF")]
    [InlineData("GET list", "C00381 02 0001 0000800000FF 02 00 0001 0000800100FF 02 00")]
    [InlineData("SET", "C101810008 0000010000FF 02 00 0600000001")]
    [InlineData("SET first block", "C102810001 0000800000FF 02 00 00 00000001 04 01020304")]
    [InlineData("SET block", "C10381 01 00000002 02 0607")]
    [InlineData("ACTION", "C301810073 0000132800FF 01 01 090101")]
    [InlineData("ACTION without parameter", "C301810046 000060030AFF 01 00")]
    [InlineData("ACTION list", "C30381 01 0073 0000132800FF 01 01 090101")]
    public void Request_OfEachForm_ComesBackOctetForOctet(string description, string hex)
    {
        hex = hex.Replace(" ", "", StringComparison.Ordinal);
        var request = RequestReader.TryRead(Convert.FromHexString(hex));
        Assert.True(request is not null, description);
        var writer = new WireWriter();
        writer.Request(request);
        Assert.Equal(hex, Convert.ToHexString(writer.Written));
    }

    [Fact]
    public void Requests_Random_ComeBackOctetForOctet()
    {
        var random = new Random(12);
        for (var i = 0; i < 3000; i++)
        {
            var writer = new WireWriter();
            writer.Request(RandomRequest(random));
            var read = RequestReader.TryRead(writer.Written);
            Assert.NotNull(read);
            var again = new WireWriter();
            again.Request(read);
            Assert.Equal(writer.Written.ToArray(), again.Written.ToArray());
            Assert.Null(RequestReader.TryRead(writer.Written[..random.Next(writer.Length)]));
        }
    }

    [Fact]
    public void Responses_Random_ComeBackOctetForOctet()
    {
        var random = new Random(13);
        for (var i = 0; i < 3000; i++)
        {
            var writer = new WireWriter();
            writer.Response(RandomResponse(random));
            var read = ResponseReader.TryRead(writer.Written);
            Assert.NotNull(read);
            var again = new WireWriter();
            again.Response(read);
            Assert.Equal(writer.Written.ToArray(), again.Written.ToArray());
            Assert.Null(ResponseReader.TryRead(writer.Written[..random.Next(writer.Length)]));
        }
    }

    [Theory]
    [InlineData("deciphering", "D80105", ServiceError.DecipheringError, 0u)]
    [InlineData("counter", "D8010600000010", ServiceError.InvocationCounterError, 16u)]
    public void ExceptionResponse_ComesBack(string description, string hex, ServiceError error, uint counter)
    {
        var read = ExceptionResponse.TryRead(Convert.FromHexString(hex));
        Assert.True(read is not null, description);
        Assert.Equal((error, counter), (read.Error, read.LeastCounter));
        var writer = new WireWriter();
        read.Write(writer);
        Assert.Equal(hex, Convert.ToHexString(writer.Written));
    }

    [Theory]
    [InlineData("length beyond the octets", "6020A109060760857405080101")]
    [InlineData("length short of the octets", "6005A109060760857405080101")]
    [InlineData("inner length beyond the outer", "600BA111060760857405080101")]
    [InlineData("another APDU", "6100")]
    public void AssociationRequest_Malformed_IsRefused(string description, string hex) =>
        Assert.True(AssociationRequest.TryRead(Convert.FromHexString(hex)) is null, description);

    internal static ServiceRequest RandomRequest(Random random)
    {
        var invoke = (byte)random.Next(256);
        return random.Next(12) switch
        {
            0 => new GetRequest(invoke, Attribute(random)),
            1 => new GetNextRequest(invoke, (uint)random.Next()),
            2 => new GetListRequest(invoke, Many(random, () => Attribute(random))),
            3 => new SetRequest(invoke, Attribute(random), CodecTests.RandomValue(random, 0)),
            4 => new SetFirstBlockRequest(invoke, [Attribute(random)], false, Piece(random)),
            5 => new SetFirstBlockRequest(invoke, Many(random, () => Attribute(random)), true, Piece(random)),
            6 => new SetBlockRequest(invoke, Piece(random)),
            7 => new SetListRequest(invoke, Many(random, () => Attribute(random)),
                Many(random, () => CodecTests.RandomValue(random, 0))),
            8 => new ActionRequest(invoke,
                new MethodCall(Member(random), random.Next(2) == 0 ? null : CodecTests.RandomValue(random, 0))),
            9 => new ActionListRequest(invoke,
                Many(random, () => new MethodCall(Member(random), CodecTests.RandomValue(random, 0)))),
            10 => new ActionFirstBlockRequest(invoke, Many(random, () => Member(random)), true, Piece(random)),
            _ => new ActionBlockRequest(invoke, Piece(random)),
        };
    }

    private static ServiceResponse RandomResponse(Random random)
    {
        var invoke = (byte)random.Next(256);
        return random.Next(11) switch
        {
            0 => new GetResponse(invoke, Read(random)),
            1 => new GetBlockResponse(invoke, Piece(random), DataAccessResult.Success),
            2 => new GetListResponse(invoke, Many(random, () => Read(random))),
            3 => new SetResponse(invoke, DataAccessResult.TypeUnmatched),
            4 => new SetBlockResponse(invoke, (uint)random.Next()),
            5 => new SetLastBlockResponse(invoke, Many(random, () => DataAccessResult.Success), true,
                (uint)random.Next()),
            6 => new SetListResponse(invoke, Many(random, () => DataAccessResult.ReadWriteDenied)),
            7 => new ActionResponse(invoke, Call(random)),
            8 => new ActionBlockResponse(invoke, Piece(random)),
            9 => new ActionListResponse(invoke, Many(random, () => Call(random))),
            _ => new ActionNextResponse(invoke, (uint)random.Next()),
        };
    }

    private static List<T> Many<T>(Random random, Func<T> make) =>
        [.. Enumerable.Range(0, random.Next(4)).Select(_ => make())];

    private static MemberReference Member(Random random) =>
        new((ushort)random.Next(65536), Obis.Clock, (sbyte)random.Next(-128, 128));

    private static AttributeRequest Attribute(Random random) =>
        new(Member(random), random.Next(3) == 0
            ? new Selection((byte)random.Next(256), CodecTests.RandomValue(random, 0)) : null);

    private static ReadResult Read(Random random) =>
        random.Next(3) == 0 ? DataAccessResult.ObjectUndefined : CodecTests.RandomValue(random, 0);

    private static CallResult Call(Random random) =>
        new((ActionResult)random.Next(5), random.Next(2) == 0 ? null : CodecTests.RandomValue(random, 0));

    private static Block Piece(Random random)
    {
        var octets = new byte[random.Next(300)];
        random.NextBytes(octets);
        return new Block(random.Next(2) == 0, (uint)random.Next(), octets);
    }
}
