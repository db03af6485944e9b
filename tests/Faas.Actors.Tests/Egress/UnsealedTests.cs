using System.Text;
using CsCheck;
using Faas.Actors.Egress.Http;
using Faas.Actors.Hosts;
using Xunit;

namespace Faas.Actors.Tests.Egress;

public sealed class UnsealedTests
{
    private const string Key = "faas-sealed-00000000000000000000000000000001";
    private const string Other = "faas-sealed-00000000000000000000000000000002";

    [Fact]
    public void A_value_is_put_into_fields_into_basic_credentials_and_percent_encoded_into_the_path()
    {
        var unsealed = Of(
            $"/v1/{Key}/x?key={Key}&a=b",
            [
                new("Authorization", $"Bearer {Key}"),
                new("X-Twice", $"{Key};{Key}"),
                new("authorization", $"basic {Base64($"user:{Key}")}"),
                new(Key, "a name stays"),
                new("X-Other", "basic dXNlcg=="),
            ],
            "p@ss/wörd &=?",
            out var wrong);

        Assert.Null(wrong);
        Assert.Equal("/v1/p%40ss%2Fw%C3%B6rd%20%26%3D%3F/x?key=p%40ss%2Fw%C3%B6rd%20%26%3D%3F&a=b", unsealed.Path);
        var bytes = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes("p@ss/wörd &=?"));
        Assert.Equal(
            [
                new("Authorization", $"Bearer {bytes}"),
                new("X-Twice", $"{bytes};{bytes}"),
                new("authorization", $"basic {Convert.ToBase64String(Encoding.UTF8.GetBytes("user:p@ss/wörd &=?"))}"),
                new(Key, "a name stays"),
                new("X-Other", "basic dXNlcg=="),
            ],
            unsealed.Fields);
        Assert.Equal(["KEY"], unsealed.Put);
        Assert.Empty(unsealed.Withheld);
    }

    [Fact]
    public void A_placeholder_of_a_secret_that_is_bound_to_another_host_stays_and_is_named()
    {
        KeyValuePair<string, string>[] fields = [new("A", Key), new("B", $"x{Other}"), new("Authorization", $"Basic {Base64(Other)}")];
        var secrets = ByPlaceholder(Secret("KEY", Key, "v"), Secret("OTHER", Other, "w"));
        var unsealed = Unsealed.Of("GET", $"/{Other}", fields, secrets, secret => secret.Name == "KEY", 1000, out var wrong);

        Assert.Null(wrong);
        Assert.Equal($"/{Other}", unsealed.Path);
        Assert.Equal([new("A", "v"), .. fields[1..]], unsealed.Fields);
        Assert.Equal(["KEY"], unsealed.Put);
        Assert.Equal(["OTHER"], unsealed.Withheld);
    }

    [Theory]
    [InlineData("a\r\nX-Evil: 1")]
    [InlineData("a\n")]
    [InlineData("a\0b")]
    [InlineData("a\x7f")]
    public void A_value_that_would_end_a_header_is_refused_there_and_is_none_in_a_path(string value)
    {
        foreach (var field in (KeyValuePair<string, string>[])[new("A", Key), new("Authorization", $"Basic {Base64($"u:{Key}")}")])
        {
            Assert.Empty(Of("/", [field], value, out var wrong).Put);
            Assert.Equal(
                "the value of the secret \"KEY\" has a line break or another control character, which no header may have.", wrong);
        }

        Assert.Equal($"/{Uri.EscapeDataString(value)}", Of($"/{Key}", [], value, out var none).Path);
        Assert.Null(none);
    }

    [Theory]
    [InlineData("TRACE")]
    [InlineData("track")]
    public void A_method_whose_reply_is_the_request_gets_no_value(string method)
    {
        foreach (var (path, field) in ((string, string)[])[($"/{Key}", "x"), ("/", Key)])
        {
            var unsealed = Unsealed.Of(
                method, path, [new("A", field)], ByPlaceholder(Secret("KEY", Key, "value")), _ => true, 1000, out var wrong);
            Assert.Contains("the reply to TRAC", wrong, StringComparison.Ordinal);
            Assert.Equal((path, field), (unsealed.Path, unsealed.Fields[0].Value));
            Assert.Empty(unsealed.Put);
        }

        Unsealed.Of(method, "/", [new("A", "x")], ByPlaceholder(Secret("KEY", Key, "value")), _ => true, 1000, out var none);
        Assert.Null(none);
    }

    [Fact]
    public void The_host_field_has_no_value_and_a_value_that_looks_like_a_placeholder_is_not_read_again()
    {
        KeyValuePair<string, string>[] fields = [new("hOST", $"{Key}.test"), new("A", $"{SealedSecret.Mark}{Key}")];
        var unsealed = Unsealed.Of(
            "GET", "/", fields, ByPlaceholder(Secret("KEY", Key, Other), Secret("OTHER", Other, "w")), _ => true, 1000, out var wrong);

        Assert.Null(wrong);
        Assert.Equal([fields[0], new("A", $"{SealedSecret.Mark}{Other}")], unsealed.Fields);
        Assert.Equal(["KEY"], unsealed.Put);
    }

    [Theory]
    [InlineData(10, true)]
    [InlineData(11, false)]
    public void What_the_values_add_is_bounded_before_it_is_added(int times, bool isRight)
    {
        var value = new string('v', Key.Length + 100);
        var text = string.Concat(Enumerable.Repeat(Key, times));
        var secrets = ByPlaceholder(Secret("KEY", Key, value));
        var unsealed = Unsealed.Of(
            "GET", "/", [new("A", text)], secrets, _ => true, 2 + (Key.Length * times) + 1000, out var wrong);

        Assert.Equal(isRight, wrong is null);
        Assert.Equal(isRight ? ["KEY"] : [], unsealed.Put); // the audit names no value that was not put in
    }

    [Fact]
    public void A_request_without_a_placeholder_is_not_changed() =>
        Gen.Select(Gen.String[Gen.Char[' ', '~'], 0, 60], Gen.String[Gen.Char[' ', '~'], 0, 60]).Sample((path, value) =>
        {
            KeyValuePair<string, string>[] fields = [new("Authorization", $"Basic {value}"), new("A", $"{SealedSecret.Mark}{value}")];
            var unsealed = Of($"/{path}", fields, "value", out var wrong);
            Assert.Null(wrong);
            Assert.Equal($"/{path}", unsealed.Path);
            Assert.Equal(fields, unsealed.Fields);
            Assert.Empty(unsealed.Put);
        });

    [Fact]
    public void Each_placeholder_is_another_one_and_is_legal_in_headers_and_urls()
    {
        var one = SealedSecret.Create("KEY", EgressRules.None, [1]);
        Assert.Matches("^faas-sealed-[0-9a-f]{32}$", one.Placeholder);
        Assert.NotEqual(one.Placeholder, SealedSecret.Create("KEY", EgressRules.None, [1]).Placeholder);
        Assert.Equal(one.Placeholder, Uri.EscapeDataString(one.Placeholder));
        Assert.Equal("KEY", $"{one}");
    }

    private static Unsealed Of(string path, IReadOnlyList<KeyValuePair<string, string>> fields, string value, out string? wrong) =>
        Unsealed.Of("GET", path, fields, ByPlaceholder(Secret("KEY", Key, value)), _ => true, 16 << 10, out wrong);

    private static Dictionary<string, SealedSecret> ByPlaceholder(params SealedSecret[] secrets) =>
        secrets.ToDictionary(secret => secret.Placeholder, StringComparer.Ordinal);

    private static SealedSecret Secret(string name, string placeholder, string value) =>
        new(name, EgressRules.None, placeholder, Encoding.UTF8.GetBytes(value));

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
