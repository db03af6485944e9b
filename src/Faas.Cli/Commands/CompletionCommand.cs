using System.CommandLine;
using System.Text.Json.Nodes;
using Faas.Cli.Output;

namespace Faas.Cli.Commands;

/// <summary>
/// <c>faas completion SHELL</c>: what a shell reads so that it completes the words of a command line. Theory of operation: the shell
/// hands the line up to the cursor to <c>faas "[suggest:PLACE]" LINE</c> (<see cref="Completion"/>), which answers with the words that
/// fit, one a line. Where none fits, the shell completes the names of files.
/// </summary>
internal static class CompletionCommand
{
    // bash takes an @, a colon and an equals sign for the end of a word, so what stands before them is left out of the answers. It puts an
    // answer into the line as it is, so what the shell would read in a name is quoted: people with other rights choose names.
    private const string Bash = """
        # Completion of faas for bash: eval "$(faas completion bash)", or a file in /usr/share/bash-completion/completions.
        _faas() {
          COMPREPLY=()
          local line=${COMP_LINE:0:COMP_POINT} word before
          local typed=${line##* }
          before=${typed%"$2"}
          before=${before%@} # which belongs to the word all the same
          line="faas ${line#* }"
          while IFS= read -r word; do
            [[ $word == "$typed"* ]] || continue
            printf -v word %q "${word#"$before"}"
            COMPREPLY+=("$word")
          done < <(faas "[suggest:${#line}]" "$line" 2>/dev/null)
        }
        complete -o bashdefault -o default -F _faas faas
        """;

    private const string Zsh = """
        #compdef faas
        # Completion of faas for zsh: eval "$(faas completion zsh)", or a file _faas in a folder of $fpath.
        _faas() {
          local line="faas ${(j: :)words[2,CURRENT]}"
          local -a fitting
          fitting=("${(@f)$(faas "[suggest:${#line}]" "$line" 2>/dev/null)}")
          compadd -- "${(@)fitting:#}" || _files
        }
        if [ "$funcstack[1]" = "_faas" ]; then _faas "$@"; else compdef _faas faas; fi
        """;

    private const string Fish = """
        # Completion of faas for fish: faas completion fish | source, or a file faas.fish in ~/.config/fish/completions.
        function __faas_words
          set -l line "faas "(string replace -r '^\S+\s' '' -- (commandline -cp))
          set -l words (faas "[suggest:"(string length -- $line)"]" $line 2>/dev/null)
          if count $words >/dev/null
            printf '%s\n' $words
          else
            __fish_complete_path (commandline -ct)
          end
        end
        complete -c faas -f -a '(__faas_words)'
        """;

    /// <summary>Makes it.</summary>
    public static Command Make()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish" };
        shell.CompletionSources.Add("bash", "zsh", "fish");
        return new Command("completion", "prints what a shell reads to complete command lines") { shell }
            .Example("eval \"$(faas completion bash)\"", "faas completion fish | source")
            .Does(call =>
            {
                var script = call.Get(shell) switch
                {
                    "bash" => Bash,
                    "zsh" => Zsh,
                    "fish" => Fish,
                    var other => throw CliException.Usage($"SHELL is \"{other}\"; allowed is one of bash, zsh, fish."),
                };
                if (call.Terminal.IsJson)
                {
                    call.Terminal.Json(new JsonObject { ["shell"] = call.Get(shell), ["script"] = script });
                    return Task.FromResult(ExitCode.Ok);
                }

                call.Terminal.Out.WriteLine(script);
                return Task.FromResult(ExitCode.Ok);
            });
    }
}
