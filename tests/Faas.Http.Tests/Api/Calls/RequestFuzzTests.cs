using System.Text;
using System.Text.Json;
using CsCheck;
using Faas.Actors.Runs;
using Faas.Actors.Scripts;
using Faas.Http.Api.Calls;
using Faas.Http.Configuration;
using Faas.Http.Tests.Testing;
using Faas.Http.Wire.Problems;
using Faas.Tests;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Xunit;

namespace Faas.Http.Tests.Api.Calls;

/// <summary>
/// What reads a caller's bytes, on bytes that are nearly right: a sound call or one of the 4xx problems, never anything else.
/// </summary>
public sealed class RequestFuzzTests
{
    private const int CodeMaxBytes = 64;

    private static readonly Gen<string> s_value = Gen.OneOf(
        "1", "-0.5e3", "null", "true", "[]", "{}", "\"\"", "\"x\"", "\"\\ud83d\\ude00\"", "\"\\ud83d\"", "\"{\\\"a\\\":[1]}\"", "[[[[]]]]", """{"a":{"b":[null]}}""", "\"javascript\"", "\"python\"", "\"a/b\"", "\"a/../b\"");

    private static readonly Gen<byte[]> s_body = Gen.Select(
        Gen.OneOf("path", "language", "code", "input", "stream", "stats", "pa\\u0074h", "other"), s_value)
        .Select((name, value) => $"\"{name}\":{value}").Array[0, 7]
        .Select(members => Encoding.UTF8.GetBytes($"{{{string.Join(',', members)}}}"));

    private static readonly Gen<string> s_target = Gen.OneOf(
        "/",
        "//",
        "a",
        "b.c",
        ".",
        "..",
        "%2e",
        "%2F",
        "%00",
        "%C3%A4",
        "%C3",
        "%",
        "%zz",
        "ä",
        "?",
        "#",
        "version=1",
        ":",
        "http://h",
        "\u0001",
        "😀")
        .Array[0, 9].Select(parts => "/run/" + string.Concat(parts));

    private static readonly Gen<byte[]> s_form = Gen.Select(
            Gen.OneOf("input", "stats", "code", "language", "x"),
            Gen.OneOf("", "; filename=a", "; filename=\"a b\"", "; filename=\"..\"", "; filename*=UTF-8''%C3%A4", "; filename="),
            Gen.OneOf("1", "", "{}", "true", "python", "\r\n--b", new string('x', 200)))
        .Select((name, file, value) => $"--b\r\nContent-Disposition: form-data; name={name}{file}\r\n\r\n{value}\r\n").Array[0, 5]
        .Select(parts => Encoding.UTF8.GetBytes($"{string.Concat(parts)}--b--\r\n"));

    private static readonly Gen<byte[]> s_files = Gen.Select(
            Gen.OneOf("name", "text", "base64", "size", "n\\u0061me", "\\ud83d"), Gen.OneOf("\"a\"", "\"MQ==\"", "\"..\"", "\"\"", "1", "null", "{}", "\"\\ud83d\""))
        .Select((name, value) => $"\"{name}\":{value}").Array[0, 4].Select(members => $"{{{string.Join(',', members)}}}").Array[0, 4]
        .Select(files => Encoding.UTF8.GetBytes($"{{\"files\":[{string.Join(',', files)}]}}"));

    [Fact]
    public void Damaged_files_are_sound_or_a_problem() => s_files.Damaged().Fuzz(
        body => AssertSoundOrRefused(files => Task.FromResult(CallReader.Read(body, CallMembers.Run, CodeMaxBytes, null, null, files))),
        20_000,
        Encoding.UTF8.GetString);

    [Fact]
    public void A_damaged_form_is_a_sound_call_or_a_problem() => s_form.Damaged().Fuzz(
        body => AssertSoundOrRefused(async files =>
        {
            var request = new DefaultHttpContext().Request;
            request.ContentType = "multipart/form-data; boundary=b";
            request.Body = new MemoryStream(body);
            var (http, sources) = (FaasUnderTest.ShippedOptions.Http, new CallSources(10, CodeMaxBytes));
            var fields = await MultipartBody.ReadAsync(request, CallMembers.Run, http, files, sources);
            return CallReader.Read(fields.Span, CallMembers.Run, CodeMaxBytes, null, null, files);
        }),
        5_000,
        Encoding.UTF8.GetString);

    private static void AssertSoundOrRefused(Func<CallFiles, Task<CallRequest>> read)
    {
        try
        {
            var call = read(new CallFiles(new FileLimits(3, 300))).GetAwaiter().GetResult();
            Assert.All(call.Files, file => Assert.Null(RunFileName.Check(file.Name)));
            Assert.Equal(call.Files.Count, call.Files.DistinctBy(file => file.Name).Count());
            Assert.True(call.Files.Count <= 3 && call.Files.Sum(file => file.Content.Length) <= 300);
        }
        catch (ProblemException refused)
        {
            Assert.True(refused.Problem.Status is 400 or 413);
        }
    }

    [Theory]
    [InlineData(CallMembers.Upload)]
    [InlineData(CallMembers.Run)]
    [InlineData(CallMembers.RunNow)]
    public void A_damaged_body_is_a_sound_call_or_a_problem(CallMembers members) => s_body.Damaged().Fuzz(
        body =>
        {
            try
            {
                var call = CallReader.Read(body, members, CodeMaxBytes);
                using var input = JsonDocument.Parse(call.Input, new JsonDocumentOptions { MaxDepth = Run.MaxInputDepth + 1 });
                Assert.True(Encoding.UTF8.GetByteCount(call.Code) <= CodeMaxBytes);
                Assert.Equal(members.HasFlag(CallMembers.Code), call.Code.Length > 0);
                Assert.True(!members.HasFlag(CallMembers.Path) || ScriptPath.Check(call.Path) is null);
            }
            catch (ProblemException refused)
            {
                Assert.True(refused.Problem.Status is 400 or 413);
                Assert.NotEmpty(refused.Problem.Detail);
            }
        },
        30_000,
        body => Encoding.UTF8.GetString(body));

    [Fact]
    public void A_strange_target_is_a_valid_path_or_a_problem() => s_target.Fuzz(
        target =>
        {
            try
            {
                Assert.Null(ScriptPath.Check(ScriptUrl.PathOf(target)));
            }
            catch (ProblemException refused)
            {
                Assert.Equal(400, refused.Problem.Status);
            }
        },
        40_000);

    [Fact]
    public void A_strange_version_is_a_number_none_or_a_problem() =>
        Gen.OneOf(
            Gen.String,
            Gen.Long.Select(number => $"{number}"),
            Gen.OneOf("", "+1", " 1", "1 ", "0x1", "1e3", "１", "99999999999999999999")).Array[0, 2]
            .Fuzz(
        texts =>
        {
            try
            {
                var version = ScriptUrl.VersionOf(new QueryCollection(new Dictionary<string, StringValues> { ["version"] = texts }));
                Assert.True(version == VersionRef.Latest
                    ? texts is [] or [""] or [VersionRef.LatestName]
                    : texts.Length == 1 && (version.Alias is { } alias ? AliasName.IsValid(alias) : texts[0].All(char.IsAsciiDigit)));
            }
            catch (ProblemException refused)
            {
                Assert.Equal(400, refused.Problem.Status);
            }
        },
        20_000);
}
