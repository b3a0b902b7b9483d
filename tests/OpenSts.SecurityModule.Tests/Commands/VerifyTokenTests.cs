using OpenSts.Keys;

namespace OpenSts.SecurityModule.Tests.Commands;

/// <summary>SM?VT: what is said of a token, and what is not.</summary>
public class VerifyTokenTests
{
    [Theory]
    [InlineData("SM?VTN1~P600727000000000009~N1~N11~P58625789986991357486~", Label = "five fields, decimal")]
    [InlineData("SM?VTN1~P600727000000000009~N1~N11~N2~P58625789986991357486~", Label = "six fields, decimal")]
    [InlineData("SM?VTN1~P600727000000000009~N1~N11~P32D98A5616345BE2E~", Label = "five fields, hexadecimal")]
    [InlineData("SM?VTN1~P600727000000000009~N1~N11~N1~P32D98A5616345BE2E~", Label = "six fields, hexadecimal")]
    public void Verify_BothForms_SameAnswer(string request)
    {
        using var module = new TestModule((1, TestModule.Card));
        Assert.Equal("SM!VT00N0~N0~N0~H0001~H014EEC~", module.Ask(request));
    }

    [Fact]
    public void Verify_WhatTheModuleMade_IsRecognised()
    {
        using var module = new TestModule((1, TestModule.Card));
        var tid = module.Tid(module.Now).ToString("X6");
        Assert.Equal($"SM!VT00N0~N0~N5~H0060AA~H{tid}~",
            module.Ask(Verify(module.Ask(module.Credit(subclass: 5, amount: "0060AA"))[^21..^1])));
        Assert.Equal($"SM!VT00N0~N2~N10~HFC01~H{tid}~",
            module.Ask(Verify(module.Ask(module.Management(subclass: 10, value: "FC01"))[^21..^1])));
    }

    [Fact]
    public void Verify_KeyChangeTokens_ShowNoPartOfTheKey()
    {
        using var module = new TestModule((1, TestModule.Card), (2, TestModule.Card));
        var digits = module.Ask(TestModule.KeyChange())[^81..^1];
        int[] subclasses = [3, 4, 8, 9];
        for (var i = 0; i < 4; i++)
            Assert.Equal($"SM!VT00N0~N2~N{subclasses[i]}~H00~H000000~",
                module.Ask(Verify(digits.Substring(20 * i, 20))));
    }

    [Fact]
    public void Verify_ClassOneAndThree_NeedNoKey()
    {
        using var module = new TestModule((1, TestModule.Card));
        var test =
            TokenIssuer.IssueInClear(new InitiateMeterTest { FourDigitForm = false, Tests = 0, ManufacturerCode = 0 });
        Assert.Equal("SM!VT00N0~N1~N0~H00~H000000~", module.Ask(Verify(test.ToString())));
        Assert.True(Token66.TryFromValue(3ul << 27, out var reserved));
        Assert.Equal("SM!VT00N40~", module.Ask(Verify(reserved.ToString())));
    }

    private static string Verify(string digits) => $"SM?VTN1~P{TestModule.Pan}~N1~N11~P{digits}~";
}
