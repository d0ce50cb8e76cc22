# Writes OUTPUT, a C++ source that holds the texts of FILES (relative to FOLDER). Run by the build: cmake -DOUTPUT= -DFOLDER= -DFILES= -P
file(WRITE ${OUTPUT} "// Made by scenarios/embed.cmake from the files that it names.\n#include \"scenarios/embedded.hpp\"\n\n"
  "std::string_view trunklab::embedded_file(std::string_view name) {\n")
foreach(name ${FILES})
  file(READ ${FOLDER}/${name} text)
  file(APPEND ${OUTPUT} "  if (name == \"${name}\") return R\"__(${text})__\";\n")
endforeach()
file(APPEND ${OUTPUT} "  return {};\n}\n")
