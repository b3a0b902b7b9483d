using System.Security.Cryptography;

namespace OpenSts.KeyLoading.Tests;

public class KeyWrapTests
{
    [Theory]
    [InlineData("c37b7e6492584340bed12207808941155068f738",
        "138bdeaa9b8fa7fc61f97742e72248ee5ae6ae5360d1ae6a5f54f373fa543b6a")]
    [InlineData("466f7250617369", "afbeb0f07dfbf5419200f2ccb50bb24f")]
    public void Wrap_ExamplesOfRfc5649_AreThePublished(string plain, string expected)
    {
        var kek = Convert.FromHexString("5840df6e29b02af1ab493b705bf16ea1ae8338f4dcc176a8");
        var wrapped = new byte[expected.Length / 2];
        KeyWrap.Wrap(kek, Convert.FromHexString(plain), wrapped);
        Assert.Equal(expected, Convert.ToHexStringLower(wrapped));
    }

    [Fact]
    public void TryUnwrap_RandomKeysOfEveryLength_GivesBackWhatWasWrapped()
    {
        var random = new Random(5649);
        foreach (var kekLength in (int[])[16, 24, 32])
        {
            for (var length = 1; length <= 64; length++)
            {
                var kek = new byte[kekLength];
                var plain = new byte[length];
                random.NextBytes(kek);
                random.NextBytes(plain);
                var wrapped = new byte[KeyWrap.WrappedLength(length)];
                KeyWrap.Wrap(kek, plain, wrapped);
                var back = new byte[wrapped.Length];
                Assert.True(KeyWrap.TryUnwrap(kek, wrapped, back, out var found));
                Assert.Equal(plain, back[..found]);
            }
        }
    }

    [Fact]
    public void TryUnwrap_AnyBitChanged_GivesNothing()
    {
        var kek = Convert.FromHexString("5840df6e29b02af1ab493b705bf16ea1ae8338f4dcc176a8");
        foreach (var length in (int[])[7, 8, 20])
        {
            var wrapped = new byte[KeyWrap.WrappedLength(length)];
            KeyWrap.Wrap(kek, new byte[length].Select((_, i) => (byte)i).ToArray(), wrapped);
            for (var bit = 0; bit < wrapped.Length * 8; bit++)
            {
                var changed = wrapped.ToArray();
                changed[bit / 8] ^= (byte)(1 << (bit % 8));
                var plain = new byte[wrapped.Length];
                Assert.False(KeyWrap.TryUnwrap(kek, changed, plain, out var found));
                Assert.Equal((0, false), (found, plain.AsSpan().ContainsAnyExcept((byte)0)));
            }
        }
    }

    [Theory]
    [InlineData(0, Label = "empty")]
    [InlineData(8, Label = "one semiblock")]
    [InlineData(20, Label = "no multiple of eight")]
    [InlineData(272, Label = "longer than any key")]
    public void TryUnwrap_OtherLengths_GivesNothing(int length)
    {
        Assert.False(KeyWrap.TryUnwrap(new byte[24], new byte[length], new byte[300], out _));
    }

    // Wrapped under the right key by somebody who gets the lengths wrong: the integrity word alone is not enough.
    [Theory]
    [InlineData(0xA65959A6_00000000UL, 16, Label = "length of zero")]
    [InlineData(0xA65959A6_00000011UL, 16, Label = "length beyond the data")]
    [InlineData(0xA65959A6_00000008UL, 16, Label = "length one semiblock short")]
    [InlineData(0xA65959A6_0000000FUL, 16, Label = "padding that is not zero")]
    [InlineData(0xA6A6A6A6_A6A6A6A6UL, 16, Label = "the mark of plain key wrap")]
    public void TryUnwrap_WrongInitialValue_GivesNothing(ulong initial, int length)
    {
        var kek = new byte[24];
        using var aes = Aes.Create();
        aes.Key = kek;
        var a = new byte[8];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(a, initial);
        var r = Enumerable.Repeat((byte)0xFF, length).ToArray();
        for (var t = 0; t < 6 * length / 8; t++)
        {
            var at = t % (length / 8) * 8;
            var block = aes.EncryptEcb([.. a, .. r[at..(at + 8)]], PaddingMode.None);
            System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(a,
                System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(block) ^ (ulong)(t + 1));
            block[8..].CopyTo(r, at);
        }

        Assert.False(KeyWrap.TryUnwrap(kek, [.. a, .. r], new byte[64], out _));
    }
}
